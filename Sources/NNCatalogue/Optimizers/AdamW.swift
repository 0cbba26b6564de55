package import NNGraph
package import NNModel

/// Adam with a decay that does not pass through its moments; Loshchilov and Hutter, "Decoupled
/// Weight Decay Regularization" (2017).
package struct AdamW: Optimizer, ElementwiseFormula {
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
  @Field("Whether to divide by the greatest mean of squares so far (AMSGrad).")
  package var amsgrad = false

  package init() {}

  private var moments: AdamMoments { AdamMoments(beta2: beta2, eps: eps, amsgrad: amsgrad) }

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: beta1, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { moments.states }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    moments.scalars(step: step, rate: now.rate, beta1: now.momentum ?? beta1)
      .appending(1 - now.rate * (now.weightDecay ?? weightDecay))
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    moments.update(parameter * scalars[AdamMoments.scalarCount], gradient, state, scalars)
  }
}
