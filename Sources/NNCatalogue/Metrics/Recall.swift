package import NNModel

/// The share of a class's samples that are found; of a binary target that of the positive class, else the mean over classes.
package struct Recall: Metric {
  package static let word = "recall"
  package static let summary =
    """
    The share of a class's samples that are found; of a binary target that of the positive class, else the mean over classes.
    """
  package init() {}

  package var isBetterWhenGreater: Bool { true }
  package func fits(_ target: TargetType) -> Bool { target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      counts.overClasses(isBinary: target.isBinary) { counts.recall($0) }
    }
  }
}
