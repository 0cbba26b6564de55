package import NNModel

/// The share of right ones among the samples predicted to be of a class; of a binary target that of the positive class, else the mean over classes.
package struct Precision: Metric {
  package static let word = "precision"
  package static let summary =
    """
    The share of right ones among the samples predicted to be of a class; of a binary target that of the positive class, else the mean over classes.
    """
  package init() {}

  package var isBetterWhenGreater: Bool { true }
  package func fits(_ target: TargetType) -> Bool { target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      counts.overClasses(isBinary: target.isBinary) { counts.precision($0) }
    }
  }
}
