package import NNGraph
package import NNModel

/// v ← μ v + (1 − dampening) g, w ← w − rate · v (with Nesterov's: w − rate · (g + μ v)), as
/// PyTorch has it: the first v is g, whatever the dampening.
package struct SGD: Optimizer, ElementwiseFormula {
  package static let word = "sgd"
  package static let summary = "Gradient descent, with momentum where asked for."
  package static let example = "sgd: {lr: 0.1, momentum: 0.9}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr: Double
  @Field("How much of the last move is kept.", range: .from(0, below: 1))
  package var momentum = 0.0
  @Field("Takes this share off the gradients that go into the momentum.", range: .between(0, 1))
  package var dampening = 0.0
  @Field("Whether to look ahead along the momentum (Nesterov).")
  package var nesterov = false
  @Field(
    "Pulls all parameters to zero: adds this times the parameter to its gradient.",
    range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var conflict: FieldConflict? {
    guard nesterov, momentum == 0 || dampening > 0 else { return nil }
    return FieldConflict(
      "nesterov looks ahead along a momentum without dampening",
      help: "Give sgd a momentum such as 0.9 and no dampening, or leave nesterov away.")
  }

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: momentum, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { momentum > 0 ? [UpdateState("momentum")] : [] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(
      now.rate, now.momentum ?? momentum, now.weightDecay ?? weightDecay,
      step == 1 ? 1 : 1 - dampening)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let (rate, momentum) = (scalars[0], scalars[1])
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[2] : nil)
    guard let old = state.first else { return (parameter - rate * gradient, []) }
    let velocity = momentum * old + (dampening > 0 ? scalars[3] * gradient : gradient)
    let direction = nesterov ? gradient + momentum * velocity : velocity
    return (parameter - rate * direction, [velocity])
  }
}
