package import NNGraph
package import NNModel

/// w ← (1 − rate · decay) w − rate · sign(β₁ m + (1 − β₁) g), m ← β₂ m + (1 − β₂) g; Chen and
/// others, "Symbolic Discovery of Optimization Algorithms" (2023).
package struct Lion: Optimizer, ElementwiseFormula {
  package static let word = "lion"
  package static let summary =
    "Moves by the sign of a momentum alone; half the memory of adam. Wants a learning rate three "
    + "to ten times smaller than adamw's, and a decay as much greater."
  package static let example = "lion: {lr: 3e-4, weight_decay: 0.1}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-4
  @Field("How much the momentum counts in a move.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the momentum changes.", range: .from(0, below: 1))
  package var beta2 = 0.99
  @Field("Each step takes this times the learning rate off every parameter.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: beta1, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { [UpdateState("momentum")] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(
      now.rate, 1 - (now.momentum ?? beta1), 1 - now.rate * (now.weightDecay ?? weightDecay))
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let direction = sign(state[0] + scalars[1] * (gradient - state[0]))
    let kept = weightDecay > 0 ? parameter * scalars[2] : parameter
    let momentum = state[0] + Expression(1 - beta2) * (gradient - state[0])
    return (kept - scalars[0] * direction, [momentum])
  }
}
