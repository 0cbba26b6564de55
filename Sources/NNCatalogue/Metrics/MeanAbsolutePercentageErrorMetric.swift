import NNModel

/// The mean of |prediction − truth| / |truth|. A truth of zero counts as 2.2e-16, as scikit-learn
/// has it, so that a miss there outweighs everything.
package struct MeanAbsolutePercentageErrorMetric: ErrorMeanMetric {
  package static let word = "mape"
  package static let summary =
    """
    The mean absolute error as a share of the truth: 0.1 is ten percent, as in scikit-learn. Of no \
    use where the truth may be 0.
    """
  package init() {}

  func error(_ prediction: Double, _ truth: Double) -> Double {
    abs(prediction - truth) / max(abs(truth), Double.ulpOfOne)
  }
}
