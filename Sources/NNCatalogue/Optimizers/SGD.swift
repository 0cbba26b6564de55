package import NNGraph
package import NNModel

/// v ← μ v + g, w ← w − rate · v (with Nesterov's: w − rate · (g + μ v)), as PyTorch has it.
package struct SGD: Optimizer {
  package static let word = "sgd"
  package static let summary = "Gradient descent, with momentum where asked for."
  package static let example = "sgd: {lr: 0.1, momentum: 0.9}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr: Double
  @Field("How much of the last move is kept.", range: .from(0, below: 1))
  package var momentum = 0.0
  @Field("Whether to look ahead along the momentum (Nesterov).")
  package var nesterov = false
  @Field(
    "Pulls all parameters to zero: adds this times the parameter to its gradient.",
    range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var stateNames: [String] { momentum > 0 ? ["momentum"] : [] }

  package func scalars(step: Int, rate: Double) -> [Double] { [rate] }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let rate = scalars[0]
    let gradient = gradient.decayed(parameter, weightDecay)
    guard let old = state.first else { return (parameter - rate * gradient, []) }
    let velocity = Expression(momentum) * old + gradient
    let direction = nesterov ? gradient + Expression(momentum) * velocity : velocity
    return (parameter - rate * direction, [velocity])
  }
}

extension Expression {
  /// A gradient with a decay's share, which is nothing where there is no decay.
  func decayed(_ parameter: Expression, _ decay: Double) -> Expression {
    decay > 0 ? self + Expression(decay) * parameter : self
  }
}
