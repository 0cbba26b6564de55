import NNModel

/// The mean of |prediction − truth|, in the data's own units.
package struct MeanAbsoluteErrorMetric: ErrorMeanMetric {
  package static let word = "mae"
  package static let summary =
    "The mean absolute error, in the data's own units."
  package init() {}

  func error(_ prediction: Double, _ truth: Double) -> Double {
    abs(prediction - truth)
  }
}
