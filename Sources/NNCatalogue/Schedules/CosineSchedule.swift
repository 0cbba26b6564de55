import NNModel

/// factor = floor + (1 − floor) · ½ (1 + cos(π step / total)); Loshchilov and Hutter, "SGDR"
/// (2016), one cycle of it.
package struct CosineSchedule: Schedule {
  package static let word = "cosine"
  package static let summary =
    "Lets the learning rate fall along half a cosine until the last step."

  @Field("The share of the rate that is left at the end.", range: .between(0, 1))
  package var floor = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    floor + (1 - floor) * halfCosine(Double(min(step, total)) / Double(total))
  }
}
