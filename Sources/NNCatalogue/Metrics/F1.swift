package import NNModel

/// The harmonic mean of precision and recall; of a binary target that of the positive class, else the mean over classes.
package struct F1: Metric {
  package static let word = "f1"
  package static let summary =
    """
    The harmonic mean of precision and recall; of a binary target that of the positive class, else the mean over classes.
    """
  package init() {}

  package var isBetterWhenGreater: Bool { true }
  package func fits(_ target: TargetType) -> Bool { target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      counts.overClasses(isBinary: target.isBinary) { counts.f1($0) }
    }
  }
}
