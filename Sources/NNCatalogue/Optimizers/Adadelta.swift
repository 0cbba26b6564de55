package import NNGraph
package import NNModel

/// v ← ρ v + (1 − ρ) g², δ = √(u + ε) / √(v + ε) · g, u ← ρ u + (1 − ρ) δ², w ← w − rate · δ;
/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method" (2012).
package struct Adadelta: Optimizer, ElementwiseFormula {
  package static let word = "adadelta"
  package static let summary =
    "Gradient descent whose step sizes follow from the sizes of the last moves."

  @Field(
    "The learning rate; PyTorch's default, 1, not Keras's 0.001.", principal: true, range: .positive
  )
  package var lr = 1.0
  @Field("How slowly the means of squares change.", range: .from(0, below: 1))
  package var rho = 0.9
  @Field("Added to both means of squares.", range: .positive)
  package var eps = 1e-6
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { [UpdateState("mean_square"), UpdateState("mean_move")] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(now.rate, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[1] : nil)
    let squares = Expression(rho) * state[0] + Expression(1 - rho) * square(gradient)
    let move = sqrt(state[1] + Expression(eps)) / sqrt(squares + Expression(eps)) * gradient
    let moves = Expression(rho) * state[1] + Expression(1 - rho) * square(move)
    return (parameter - scalars[0] * move, [squares, moves])
  }
}
