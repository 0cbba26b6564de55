package import NNModel

/// The mean of |prediction − truth|, in the data's own units.
package struct MeanAbsoluteErrorMetric: Metric {
  package static let word = "mae"
  package static let summary = "The mean absolute error, in the data's own units."
  package init() {}

  package var isBetterWhenGreater: Bool { false }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MeanAccumulator {
      abs($0)
    } finish: {
      $0
    }
  }
}
