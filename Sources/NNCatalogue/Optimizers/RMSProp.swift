package import NNGraph
import NNModel

/// v ← α v + (1 − α) g², w ← w − rate · g / (√v + ε), with momentum where asked for; Tieleman and
/// Hinton, Coursera lecture 6.5 (2012), with ε outside the root as PyTorch has it.
package struct RMSProp: Optimizer {
  package static let word = "rmsprop"
  package static let summary =
    "Gradient descent divided by a running root mean square of the gradients."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field("How slowly the mean of the squares changes.", range: .from(0, below: 1))
  package var alpha = 0.99
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field("How much of the last move is kept.", range: .from(0, below: 1))
  package var momentum = 0.0
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var stateNames: [String] {
    momentum > 0 ? ["mean_square", "momentum"] : ["mean_square"]
  }

  package func scalars(step: Int, rate: Double) -> [Double] { [rate] }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay)
    let squares = Expression(alpha) * state[0] + Expression(1 - alpha) * square(gradient)
    let move = gradient / (sqrt(squares) + Expression(eps))
    guard momentum > 0 else { return (parameter - scalars[0] * move, [squares]) }
    let velocity = Expression(momentum) * state[1] + move
    return (parameter - scalars[0] * velocity, [squares, velocity])
  }
}
