package import NNGraph
package import NNModel
import NNTensor

/// Minus the logarithm of a count's probability under Poisson's distribution: eˣ − t x of the
/// logarithm x of the rate, or r − t log(r + eps) of the rate r itself. From x = 60 on the rate grows
/// along a line.
package struct PoissonLoss: ElementwiseLoss {
  package static let word = "poisson"
  package static let summary = """
    For counts: how improbable they are under Poisson's distribution, of the logarithm of its rate \
    (PyTorch's form; Keras takes the rate). Leave the target unscaled.
    """

  @Field("Whether the model gives the logarithm of the rate; predictions are rates in any case.")
  package var logInput = true

  @Field("Adds what depends on the count alone, by Stirling's formula, as PyTorch does.")
  package var full = false

  @Field("Added to the rate before its logarithm.", range: .positive)
  package var eps = 1e-8

  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    let loss =
      logInput
      ? tangentExponential(prediction) - target * prediction
      : prediction - target * log(maximum(prediction, 0) + Expression(eps))
    guard full else { return loss }
    let count = maximum(target, 1)
    let stirling = count * log(count) - count + 0.5 * log(Expression(2 * Double.pi) * count)
    return loss + select(greater(target, 1), stirling, 0)
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    logInput ? g.elementwise(tangentExponential(.value(prediction))) : prediction
  }
}
