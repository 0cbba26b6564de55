package import NNGraph
package import NNModel
package import NNTensor

/// Minus the logarithm of a normal density, of its mean μ and the logarithm s of its variance:
/// ½ (s + (t − μ)² e⁻ˢ); Nix and Weigend, "Estimating the mean and variance of the target
/// probability distribution" (1994).
package struct GaussianLikelihood: PredictionLoss {
  package static let word = "gaussian_nll"
  package static let summary = """
    How improbable a number is under a normal distribution: the model gives two outputs for each \
    number, side by side, its mean and the logarithm of its variance (PyTorch takes the variance, \
    which may turn negative). Predicted are the mean and the deviation.
    """

  @Field("Adds the constant ½ log 2π, as PyTorch does.")
  package var full = false

  package init() {}

  package func width(of target: TargetType) -> Int? { target.width.map { 2 * $0 } }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .number = target else {
      throw ShapeError(
        "'gaussian_nll' is about numbers, and the target is \(target.described)",
        help: "Use cross_entropy for a category, binary_cross_entropy for yes or no.")
    }
    try checkWidth(target, prediction, each: 2)
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let mean = part(0, of: prediction, type, &g)
    let logVariance = Expression.value(part(1, of: prediction, type, &g))
    let error = square(.value(target) - .value(mean))
    var each = 0.5 * (logVariance + error * tangentExponential(-logVariance))
    if full { each = each + Expression(0.5 * 1.837_877_066_409_345_4) }
    return g.meanOfSample(g.elementwise(each))
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    part(0, of: prediction, type, &g)
  }

  package func deviation(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value? {
    let logVariance = part(1, of: values[0], target, &g)
    return g.elementwise(tangentExponential(0.5 * .value(logVariance)))
  }

  /// The mean (0) or the logarithm of the variance (1) of each number, in the target's shape.
  private func part(
    _ index: Int, of prediction: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let pairs = g.make(Reshape([type.shape.count, 2]), prediction)
    return g.make(Reshape(type.shape), g.make(Slice(axis: 1, start: index, count: 1), pairs))
  }
}
