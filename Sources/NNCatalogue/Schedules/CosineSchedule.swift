import NNGraph
import NNModel

/// factor = floor + (1 − floor) · ½ (1 + cos(π step / total)); Loshchilov and Hutter, "SGDR"
/// (2016), one cycle of it.
package struct CosineSchedule: Schedule {
  package static let word = "cosine"
  package static let summary =
    "Lets the learning rate fall along half a cosine until the last step."

  @Field("Steps over which the rate first rises to its full value.", range: .atLeast(0))
  package var warmup = 0
  @Field("The share of the rate that is left at the end.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    let progress = Double(min(step, total)) / Double(total)
    return floor + (1 - floor) * 0.5 * (1 + UnaryFunction.cos(.pi * progress))
  }
}
