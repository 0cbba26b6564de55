package import NNModel

/// The share of samples whose class is predicted right; of sequences, of all positions.
package struct Accuracy: Metric {
  package static let word = "accuracy"
  package static let summary = "The share of samples whose class is predicted right."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { Double($0.correct) / Double($0.total) }
  }
}
