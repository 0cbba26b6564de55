package import NNGraph
package import NNModel

/// v ← α v + (1 − α) g², w ← w − rate · g / (√v + ε), with momentum where asked for; Tieleman and
/// Hinton, Coursera lecture 6.5 (2012), with ε outside the root as PyTorch has it. Centred, the
/// square of the mean gradient is taken off v: Graves, "Generating Sequences With Recurrent Neural
/// Networks" (2013).
package struct RMSProp: Optimizer, ElementwiseFormula {
  package static let word = "rmsprop"
  package static let summary =
    "Gradient descent divided by a running root mean square of the gradients."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field("How slowly the mean of the squares changes.", range: .from(0, below: 1))
  package var alpha = 0.99
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-8
  @Field("How much of the last move is kept.", range: .from(0, below: 1))
  package var momentum = 0.0
  @Field("Whether to divide by the gradients' deviation from their mean instead.")
  package var centered = false
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: momentum, weightDecay: weightDecay)
  }

  package var states: [UpdateState] {
    [UpdateState("mean_square")] + (centered ? [UpdateState("mean")] : [])
      + (momentum > 0 ? [UpdateState("momentum")] : [])
  }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(now.rate, now.momentum ?? momentum, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[2] : nil)
    let squares = Expression(alpha) * state[0] + Expression(1 - alpha) * square(gradient)
    var new = [squares]
    var variance = squares
    if centered {
      let mean = state[1] + Expression(1 - alpha) * (gradient - state[1])
      new.append(mean)
      // Of gradients that hardly change the difference may round to less than zero.
      variance = maximum(squares - square(mean), 0)
    }
    let move = gradient / (sqrt(variance) + Expression(eps))
    guard momentum > 0 else { return (parameter - scalars[0] * move, new) }
    let velocity = scalars[1] * state[new.count] + move
    return (parameter - scalars[0] * velocity, new + [velocity])
  }
}
