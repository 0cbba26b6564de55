import NNModel

/// The mean of 2 |prediction − truth| / (|prediction| + |truth|), zero where both are; Makridakis,
/// "Accuracy Measures" (1993), as the M4 competition (2018) has it.
package struct SymmetricPercentageErrorMetric: ErrorMeanMetric {
  package static let word = "smape"
  package static let summary =
    """
    The mean absolute error as a share of the mean of prediction and truth, from 0 to 2: 0.1 is ten \
    percent.
    """
  package init() {}

  func error(_ prediction: Double, _ truth: Double) -> Double {
    let size = abs(prediction) + abs(truth)
    return size == 0 ? 0 : 2 * abs(prediction - truth) / size
  }
}
