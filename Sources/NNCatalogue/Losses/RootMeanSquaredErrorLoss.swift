package import NNGraph
package import NNModel
package import NNTensor

/// √(mean over a sample's elements of (prediction − target)²).
package struct RootMeanSquaredErrorLoss: PredictionLoss {
  package static let word = "rmse"
  package static let summary = """
    The root of the mean squared error of each sample's numbers, then the mean over samples; of a \
    single number it is the absolute error.
    """
  package init() {}

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    try checkNumbers(target)
    try checkWidth(target, prediction)
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let target = g.make(Reshape(g.shape(prediction)), target)
    let error = g.elementwise(square(.value(prediction) - .value(target)))
    // A root has no slope at zero; below this bound the gradient is zero.
    return g.elementwise(sqrt(maximum(.value(g.meanOfSample(error)), 1e-30)))
  }
}
