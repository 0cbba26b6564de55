import NNModel

/// Always the full rate.
package struct ConstantSchedule: Schedule {
  package static let word = "constant"
  package static let summary = "Keeps the learning rate as it is."

  @Field("Steps over which the rate first rises to its full value.", range: .atLeast(0))
  package var warmup = 0

  package init() {}
  package func factor(step: Int, total: Int) -> Double { 1 }
}
