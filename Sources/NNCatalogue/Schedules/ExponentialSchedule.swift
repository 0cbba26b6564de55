package import NNModel

/// factor = gamma^step.
package struct ExponentialSchedule: Schedule {
  package static let word = "exponential"
  package static let summary = "Multiplies the learning rate by gamma at every step."

  @Field("What the rate is multiplied by.", principal: true, range: .positive)
  package var gamma: Double

  package init() {}
  package func factor(step: Int, total: Int) -> Double { power(gamma, step) }
}
