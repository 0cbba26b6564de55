package import NNGraph
package import NNModel

/// s ← s + g², w ← w − rate / (1 + (t − 1) · lr_decay) · g / (√s + ε); Duchi, Hazan and Singer,
/// "Adaptive Subgradient Methods for Online Learning and Stochastic Optimization" (2011).
package struct Adagrad: Optimizer, ElementwiseFormula {
  package static let word = "adagrad"
  package static let summary =
    "Gradient descent divided by the root of all squared gradients so far."

  @Field("The learning rate.", principal: true, range: .positive)
  package var lr = 1e-2
  @Field(
    "How fast the learning rate falls: it is divided by 1 + steps · lr_decay.", range: .atLeast(0))
  package var lrDecay = 0.0
  @Field("What the sums of squares begin with.", range: .atLeast(0))
  package var initialAccumulatorValue = 0.0
  @Field("Added to the denominator.", range: .positive)
  package var eps = 1e-10
  @Field("Adds this times the parameter to its gradient.", range: .atLeast(0))
  package var weightDecay = 0.0

  package init() {}

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, weightDecay: weightDecay)
  }

  package var states: [UpdateState] {
    [UpdateState("sum_of_squares", .filled(Float(initialAccumulatorValue)))]
  }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    StepScalars(now.rate / (1 + Double(step - 1) * lrDecay), now.weightDecay ?? weightDecay)
  }

  package func update(
    parameter: Expression, gradient: Expression, state: [Expression], scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let gradient = gradient.decayed(parameter, weightDecay > 0 ? scalars[1] : nil)
    let sum = state[0] + square(gradient)
    return (parameter - scalars[0] * gradient / (sqrt(sum) + Expression(eps)), [sum])
  }
}
