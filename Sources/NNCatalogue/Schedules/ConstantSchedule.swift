import NNModel

/// Always the same factor.
package struct ConstantSchedule: Schedule {
  package static let word = "constant"
  package static let summary = "Keeps the learning rate as it is, or at a share of it."

  @Field("The share of the rate.", principal: true, range: .atLeast(0))
  package var factor = 1.0

  package init() {}
  package func factor(step: Int, total: Int) -> Double { factor }
}
