package import NNModel

/// The share of samples whose class is predicted right.
package struct Accuracy: Metric {
  package static let word = "accuracy"
  package static let summary = "The share of samples whose class is predicted right."
  package init() {}

  package var isBetterWhenGreater: Bool { true }
  package func fits(_ target: TargetType) -> Bool { target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      counts.total == 0 ? .nan : Double(counts.correct) / Double(counts.total)
    }
  }
}
