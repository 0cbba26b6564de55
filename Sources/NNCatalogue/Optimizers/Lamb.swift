package import NNGraph
package import NNModel
package import NNTensor

/// With u = m̂ / (√v̂ + ε) + decay · w the move is rate · ‖w‖ / ‖u‖ · u, norms being those of a
/// parameter; where one is zero the ratio is one. You and others, "Large Batch Optimization for
/// Deep Learning: Training BERT in 76 Minutes" (2019).
package struct Lamb: Optimizer, TensorFormula {
  package static let word = "lamb"
  package static let summary =
    "Adam whose moves are as long as the parameter they move; for large batches."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-3
  @Field("How slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-6
  @Field("Adds this times the parameter to its direction.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: beta1, weightDecay: weightDecay)
  }

  package func states(for shape: Shape) -> [UpdateState] { AdamMoments.pair }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let moments = AdamMoments(beta2: beta2, eps: eps)
    return moments.scalars(step: step, rate: 1, beta1: now.momentum ?? beta1)
      .appending(now.rate, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value], _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value]) {
    let old = Expression.value(parameter)
    let numbers = scalars.map { Expression.value($0) }
    let (first, second) = AdamMoments(beta2: beta2, eps: eps).means(
      .value(gradient), state.map { .value($0) }, share: numbers[2])
    let adam = numbers[0] * first / (sqrt(second) * numbers[1] + Expression(eps))
    let direction = adam.decayed(old, weightDecay > 0 ? numbers[4] : nil)
    let ratio = trustRatio(g.norm(old), over: g.norm(direction))
    return (
      g.elementwise(old - numbers[3] * ratio * direction),
      [g.elementwise(first), g.elementwise(second)]
    )
  }
}
