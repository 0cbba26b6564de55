import NNModel

/// factor = start + (end − start) · step / total; PyTorch's LinearLR.
package struct LinearSchedule: Schedule {
  package static let word = "linear"
  package static let summary = "Changes the learning rate along a line until the last step."

  @Field(
    "The share of the rate at the first step. (PyTorch's LinearLR is a warm-up from a third to 1.)",
    range: .atLeast(0))
  package var start = 1.0
  @Field("The share of the rate behind the last step.", range: .atLeast(0))
  package var end = 0.0

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    start + (end - start) * Double(min(step, total)) / Double(total)
  }
}
