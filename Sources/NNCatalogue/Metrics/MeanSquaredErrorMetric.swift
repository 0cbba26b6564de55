import NNModel

/// The mean of (prediction − truth)², in the data's own units.
package struct MeanSquaredErrorMetric: ErrorMeanMetric {
  package static let word = "mse"
  package static let summary =
    "The mean squared error, in the data's own units squared."
  package init() {}

  func error(_ prediction: Double, _ truth: Double) -> Double {
    (prediction - truth) * (prediction - truth)
  }
}
