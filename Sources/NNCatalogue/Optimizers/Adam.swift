package import NNGraph
import NNModel

/// Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2014).
package struct Adam: Optimizer {
  package static let word = "adam"
  package static let summary = "Gradient descent with a step size of its own for each parameter."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field(
    "Adds this times the parameter to its gradient; adamw has the decoupled kind.",
    range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var stateNames: [String] { AdamMoments.names }

  package func scalars(step: Int, rate: Double) -> [Double] {
    AdamMoments(beta1: beta1, beta2: beta2, eps: eps).scalars(step: step, rate: rate)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    AdamMoments(beta1: beta1, beta2: beta2, eps: eps).update(
      parameter, gradient.decayed(parameter, weightDecay), state, scalars)
  }
}
