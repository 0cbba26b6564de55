package import NNModel

/// The mean over the true classes of the share of each that is found; Brodersen et al., "The
/// Balanced Accuracy and Its Posterior Distribution" (2010).
package struct BalancedAccuracy: Metric {
  package static let word = "balanced_accuracy"
  package static let summary =
    "The share of a class's samples that are found, the mean over the classes that occur."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      let actual = counts.occurring.filter { $0.actual > 0 }
      let shares = actual.map { Double($0.right) / Double($0.actual) }
      return shares.reduce(0, +) / Double(shares.count)
    }
  }
}
