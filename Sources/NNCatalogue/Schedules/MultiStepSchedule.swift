package import NNModel

/// factor = gamma^n, n the number of milestones that are reached.
package struct MultiStepSchedule: Schedule {
  package static let word = "multi_step"
  package static let summary = "Multiplies the learning rate by gamma at each of some steps."

  @Field(
    "The steps at which the rate changes, counted from zero.", principal: true, range: .atLeast(0))
  package var milestones: [Int]
  @Field("What the rate is multiplied by.", range: .positive)
  package var gamma = 0.1

  package init() {}

  package func factor(step: Int, total: Int) -> Double {
    power(gamma, milestones.count { $0 <= step })
  }
}
