package import NNGraph
package import NNModel
package import NNTensor

/// v ← μ v + rate · λ (g + decay · w), w ← w − v, with λ = η ‖w‖ / (‖g‖ + decay ‖w‖ + ε) of each
/// parameter; where a norm is zero λ is one. You, Gitman and Ginsburg, "Large Batch Training of
/// Convolutional Networks" (2017).
package struct Lars: Optimizer, TensorFormula {
  package static let word = "lars"
  package static let summary =
    "Gradient descent with momentum and a rate for each parameter that follows its size; for large "
    + "batches."
  package static let example = "lars: {lr: 1, weight_decay: 1e-4}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr: Double
  @Field("How much of the last move is kept.", range: .from(0, below: 1))
  package var momentum = 0.9
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0
  @Field("How far a parameter may move in a step, as a share of its size (η).", range: .positive)
  package var trust = 1e-3
  @Field("Added to the denominator.", range: .atLeast(0))
  package var eps = 1e-8

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: momentum, weightDecay: weightDecay)
  }

  package func states(for shape: Shape) -> [UpdateState] { [UpdateState("momentum")] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(now.rate, now.momentum ?? momentum, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value], _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value]) {
    let old = Expression.value(parameter)
    let numbers = scalars.map { Expression.value($0) }
    let (size, slope) = (g.norm(old), g.norm(.value(gradient)))
    let bound = Expression(trust) * size / (slope + numbers[2] * size + Expression(eps))
    let ratio = select(greater(size, 0), select(greater(slope, 0), bound, 1), 1)
    let direction = Expression.value(gradient).decayed(old, weightDecay > 0 ? numbers[2] : nil)
    let velocity = numbers[1] * .value(state[0]) + numbers[0] * ratio * direction
    return (g.elementwise(old - velocity), [g.elementwise(velocity)])
  }
}
