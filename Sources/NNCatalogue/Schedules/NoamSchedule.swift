package import NNModel

/// factor = width^(−½) · min(n^(−½), n · warmup^(−3⁄2)), n the step counted from one; Vaswani et al.,
/// "Attention Is All You Need" (2017), section 5.3.
package struct NoamSchedule: Schedule {
  package static let word = "noam"
  package static let summary =
    "The transformer's schedule: rises along a line and falls with the square root of the steps. "
    + "The rate it is a factor on is usually 1."

  @Field("The width of the model.", principal: true, range: .atLeast(1))
  package var width: Int
  @Field("Steps over which the rate rises.", range: .atLeast(1))
  package var warmup = 4000

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let (n, rise) = (Double(step) + 1, Double(warmup))
    return min(1 / n.squareRoot(), n / (rise * rise.squareRoot())) / Double(width).squareRoot()
  }
}
