package import NNGraph
package import NNModel

/// Adam whose step is held back while the mean of squares is uncertain: with ρ∞ = 2/(1 − β₂) − 1
/// and ρ = ρ∞ − 2 t β₂ᵗ / (1 − β₂ᵗ) the move is rate · m̂ · r / (√v̂ + ε) where ρ > 5, r² being
/// (ρ−4)(ρ−2)ρ∞ / ((ρ∞−4)(ρ∞−2)ρ), and rate · m̂ before; Liu and others, "On the Variance of the
/// Adaptive Learning Rate and Beyond" (2019), with ε beside √v as PyTorch has it.
package struct RAdam: Optimizer, ElementwiseFormula {
  package static let word = "radam"
  package static let summary = "Adam that rectifies its first steps, which needs no warm-up."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field("Pulls all parameters to zero, as decoupled_weight_decay says.", range: .atLeast(0))
  package var weightDecay = 0.0
  @Field(
    "Whether the decay takes weight_decay times the learning rate off the parameters, as adamw "
      + "does, instead of adding to the gradients.")
  package var decoupledWeightDecay = false

  package init() {}

  private var moments: AdamMoments { AdamMoments(beta2: beta2, eps: eps) }

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: beta1, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { moments.states }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let beta1 = now.momentum ?? beta1
    let decay = now.weightDecay ?? weightDecay
    let rate = now.rate / (1 - power(beta1, step))
    let correction = 1 - power(beta2, step)
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * Double(step) * (1 - correction) / correction
    let isCertain = length > 5
    let rectified =
      (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    return StepScalars(
      isCertain ? rate * (rectified * correction).squareRoot() : 0, isCertain ? 0 : rate,
      1 - beta1, decoupledWeightDecay ? 1 - now.rate * decay : decay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let hasDecay = weightDecay > 0
    let gradient = gradient.decayed(
      parameter, hasDecay && !decoupledWeightDecay ? scalars[3] : nil)
    let parameter = hasDecay && decoupledWeightDecay ? parameter * scalars[3] : parameter
    let (first, second) = moments.means(gradient, state, share: scalars[2])
    let factor = scalars[0] / (sqrt(second) + Expression(eps)) + scalars[1]
    return (parameter - first * factor, [first, second])
  }
}
