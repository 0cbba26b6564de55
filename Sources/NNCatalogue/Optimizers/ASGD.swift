package import NNGraph
package import NNModel

/// w ← (1 − λ η) w − η g with η = rate / (1 + λ · rate · t)^α, and from step t0 on the mean of all
/// w; Polyak and Juditsky, "Acceleration of Stochastic Approximation by Averaging" (1992).
package struct ASGD: Optimizer, ElementwiseFormula {
  package static let word = "asgd"
  package static let summary =
    "Gradient descent with a falling rate that averages its parameters on the side. As in PyTorch, "
    + "the parameters themselves are evaluated and kept; the average is in state.safetensors (swa "
    + "and ema beside any optimizer keep averages instead)."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field("How fast the rate falls, and a decay of the parameters.", range: .atLeast(0))
  package var lambd = 1e-4
  @Field("The power by which the rate falls.", range: .atLeast(0))
  package var alpha = 0.75
  @Field(
    "The step after which the average begins; before, it is the parameters.", range: .atLeast(0))
  package var t0 = 1e6
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, weightDecay: weightDecay)
  }

  package var states: [UpdateState] { [UpdateState("average")] }

  /// The rate of the next step and its share in the average; the first takes the learning rate.
  package var memory: [Double] { [0, 1] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let rate = step == 1 ? now.rate : memory[0]
    let share = memory[1]
    let base = 1 + lambd * now.rate * Double(step)
    memory[0] = now.rate / BinaryFunction.power(base, alpha)
    memory[1] = 1 / max(1, Double(step) - t0)
    return StepScalars(1 - lambd * rate, rate, share, now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[3] : nil)
    let new = parameter * scalars[0] - scalars[1] * gradient
    // Written so that a share of one gives the parameter itself, bit for bit.
    let average = new + (1 - scalars[2]) * (state[0] - new)
    return (new, [average])
  }
}
