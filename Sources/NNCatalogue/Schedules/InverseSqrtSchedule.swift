import NNModel

/// factor = √(timescale / (timescale + step)); Vaswani et al., "Attention Is All You Need" (2017),
/// as it is used with rates of one's own: behind a warm-up of `timescale` steps it is
/// √(timescale / all steps).
package struct InverseSqrtSchedule: Schedule {
  package static let word = "inverse_sqrt"
  package static let summary =
    "Lets the learning rate fall with the square root of the steps, without an end."

  @Field(
    "Steps after which the rate is down to 1 / √2; where there is a warm-up, usually its steps.",
    principal: true, range: .atLeast(1))
  package var timescale = 10_000

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    (Double(timescale) / (Double(timescale) + Double(step))).squareRoot()
  }
}
