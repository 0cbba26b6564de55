package import NNGraph
package import NNModel

/// Adam that looks ahead along its mean: with μₜ = β₁ (1 − ½ · 0.96^(t ψ)) the move is
/// rate · ((1 − μₜ) g / (1 − Π μ) + μₜ₊₁ m / (1 − μₜ₊₁ Π μ)) / (√v̂ + ε); Dozat, "Incorporating
/// Nesterov Momentum into Adam" (2016).
package struct NAdam: Optimizer, ElementwiseFormula {
  package static let word = "nadam"
  package static let summary = "Adam with Nesterov's look ahead along the momentum."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 2e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field("How fast the momentum rises from half of beta1 to beta1.", range: .atLeast(0))
  package var momentumDecay = 4e-3
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

  /// The product of all μ so far.
  package var memory: [Double] { [1] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let beta1 = now.momentum ?? beta1
    let decay = now.weightDecay ?? weightDecay
    func momentum(_ step: Int) -> Double {
      beta1 * (1 - 0.5 * BinaryFunction.power(0.96, Double(step) * momentumDecay))
    }
    let (own, next) = (momentum(step), momentum(step + 1))
    memory[0] *= own
    return StepScalars(
      now.rate * (1 - own) / (1 - memory[0]), now.rate * next / (1 - memory[0] * next),
      1 / (1 - power(beta2, step)).squareRoot(), 1 - beta1,
      decoupledWeightDecay ? 1 - now.rate * decay : decay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let hasDecay = weightDecay > 0
    let gradient = gradient.decayed(
      parameter, hasDecay && !decoupledWeightDecay ? scalars[4] : nil)
    let parameter = hasDecay && decoupledWeightDecay ? parameter * scalars[4] : parameter
    let (first, second) = moments.means(gradient, state, share: scalars[3])
    let denominator = sqrt(second) * scalars[2] + Expression(eps)
    let move = scalars[0] * gradient + scalars[1] * first
    return (parameter - move / denominator, [first, second])
  }
}
