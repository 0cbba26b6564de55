package import NNGraph
import NNModel

/// Adam with a decay that does not pass through its moments; Loshchilov and Hutter, "Decoupled
/// Weight Decay Regularization" (2017).
package struct AdamW: Optimizer {
  package static let word = "adamw"
  package static let summary = "Adam with decoupled weight decay."
  package static let example = "adamw: {lr: 1e-3, weight_decay: 0.01}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field("Each step takes this times the learning rate off every parameter.", range: .atLeast(0))
  package var weightDecay = 0.01

  package init() {}

  package var stateNames: [String] { AdamMoments.names }

  package func scalars(step: Int, rate: Double) -> [Double] {
    AdamMoments(beta1: beta1, beta2: beta2, eps: eps).scalars(step: step, rate: rate)
      + [1 - rate * weightDecay]
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    AdamMoments(beta1: beta1, beta2: beta2, eps: eps).update(
      parameter * scalars[2], gradient, state, scalars)
  }
}
