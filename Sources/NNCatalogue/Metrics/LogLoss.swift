package import NNModel

/// The mean of −ln p of the true class.
package struct LogLoss: Metric {
  package static let word = "log_loss"
  package static let summary =
    """
    The mean of −ln of the probability given to the true class; probabilities are kept 2.2e-16 away \
    from 0 and 1.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    PositionMean(target) { ($0.surprise, 1) }
  }
}
