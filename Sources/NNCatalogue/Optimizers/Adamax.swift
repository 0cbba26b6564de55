package import NNGraph
package import NNModel

/// m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g| + ε), w ← w − rate / (1 − β₁ᵗ) · m / u; Kingma and
/// Ba, "Adam" (2014), section 7.1, with ε beside |g| as PyTorch has it.
package struct Adamax: Optimizer, ElementwiseFormula {
  package static let word = "adamax"
  package static let summary =
    "Adam with the greatest of the recent gradients in place of their mean square."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 2e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly a great gradient is forgotten.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the size of a gradient.", range: .positive)
  package var eps = 1e-8
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: beta1, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { [UpdateState("first_moment"), UpdateState("greatest")] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let beta1 = now.momentum ?? beta1
    return StepScalars(
      now.rate / (1 - power(beta1, step)), 1 - beta1, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[2] : nil)
    let mean = state[0] + scalars[1] * (gradient - state[0])
    let greatest = maximum(Expression(beta2) * state[1], absolute(gradient) + Expression(eps))
    return (parameter - scalars[0] * mean / greatest, [mean, greatest])
  }
}
