package import NNModel

/// The mean of (prediction − truth)², in the data's own units.
package struct MeanSquaredErrorMetric: Metric {
  package static let word = "mse"
  package static let summary = "The mean squared error, in the data's own units squared."
  package init() {}

  package var isBetterWhenGreater: Bool { false }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MeanAccumulator {
      $0 * $0
    } finish: {
      $0
    }
  }
}
