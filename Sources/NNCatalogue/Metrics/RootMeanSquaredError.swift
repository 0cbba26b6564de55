import NNModel

/// √ of the mean of (prediction − truth)², in the data's own units.
package struct RootMeanSquaredError: ErrorMeanMetric {
  package static let word = "rmse"
  package static let summary = "The root of the mean squared error, in the data's own units."
  package init() {}

  func error(_ prediction: Double, _ truth: Double) -> Double {
    (prediction - truth) * (prediction - truth)
  }

  func figure(_ mean: Double) -> Double { mean.squareRoot() }
}
