package import NNModel

/// factor = gamma^⌊step / every⌋.
package struct StepSchedule: Schedule {
  package static let word = "step"
  package static let summary = "Multiplies the learning rate by gamma every so many steps."

  @Field("Steps between two changes.", principal: true, range: .atLeast(1))
  package var every: Int
  @Field("What the rate is multiplied by.", range: .positive)
  package var gamma = 0.1

  package init() {}
  package func factor(step: Int, total: Int) -> Double { power(gamma, step / every) }
}
