package import NNGraph
package import NNModel

/// Kingma and Ba, "Adam: A Method for Stochastic Optimization" (2014).
package struct Adam: Optimizer, ElementwiseFormula {
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
      .appending(now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let decay = weightDecay > 0 ? scalars[AdamMoments.scalarCount] : nil
    return moments.update(parameter, gradient.decayed(parameter, decay), state, scalars)
  }
}
