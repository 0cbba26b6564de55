package import NNGraph
package import NNModel

/// With the gradient at y = (1 − β₁) z + β₁ x: z ← z − rate · (g / (√v̂ + ε) + decay · y), and x is
/// a weighted mean of all z. Training moves y; x is evaluated and kept. Defazio and others, "The
/// Road Less Scheduled" (2024), with the weights of its published code: (tʳ) · rateᵖ.
package struct ScheduleFreeAdamW: Optimizer, ElementwiseFormula {
  package static let word = "schedule_free_adamw"
  package static let summary =
    "AdamW that averages its way instead of lowering its rate; needs no schedule but a warm-up. "
    + "The average is what is evaluated and kept."
  package static let example = "schedule_free_adamw: {lr: 5e-3, warmup: 100}"

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 2.5e-3
  @Field(
    "Where between the fast parameters (0) and their average (1) gradients are taken; a "
      + "momentum_schedule does not change it.", range: .above(0, below: 1))
  package var beta1 = 0.9
  @Field("How slowly the mean of squared gradients changes.", range: .from(0, below: 1))
  package var beta2 = 0.999
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field(
    "Each step takes this times the learning rate of the parameter off it.", range: .atLeast(0))
  package var weightDecay = 0.0
  @Field("Steps over which the rate first rises to its full value.", range: .atLeast(0))
  package var warmup = 0
  @Field("The power of the step in its weight in the average.", range: .atLeast(0))
  package var r = 0.0
  @Field("The power of the learning rate in its weight in the average.", range: .atLeast(0))
  package var lrPower = 2.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, weightDecay: weightDecay)
  }

  package var states: [UpdateState] {
    [UpdateState("fast", .parameter), UpdateState("second_moment")]
  }

  /// The sum of all weights so far, and the greatest rate so far.
  package var memory: [Double] { [0, 0] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let rate = now.rate * (step <= warmup ? Double(step) / Double(warmup) : 1)
    memory[1] = max(memory[1], rate)
    let weight =
      BinaryFunction.power(Double(step), r) * BinaryFunction.power(memory[1], lrPower)
    memory[0] += weight
    let share = memory[0] > 0 ? weight / memory[0] : 0
    return StepScalars(
      share, rate * (1 - beta1 * (1 - share)), rate,
      1 / (1 - power(beta2, step)).squareRoot(), now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let squares = Expression(beta2) * state[1] + Expression(1 - beta2) * square(gradient)
    let normalised = gradient / (sqrt(squares) * scalars[3] + Expression(eps))
    let move = normalised.decayed(parameter, weightDecay > 0 ? scalars[4] : nil)
    // x is not kept: y and z have it in them.
    let towards = parameter + scalars[0] * (state[0] - parameter)
    return (towards - scalars[1] * move, [state[0] - scalars[2] * move, squares])
  }

  /// x = y + (1 − 1/β₁) (z − y).
  package func evaluated(parameter: Expression, state: [Expression]) -> Expression? {
    parameter + Expression(1 - 1 / beta1) * (state[0] - parameter)
  }
}
