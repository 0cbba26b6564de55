package import NNModel
import NNTensor

/// The share of positions of sequences whose class is predicted right.
package struct TokenAccuracy: Metric {
  package static let word = "token_accuracy"
  package static let summary =
    "The share of all positions of all sequences whose class is predicted right."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { target.isCategory && target.shape.rank > 0 }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    Accuracy().accumulator(target)
  }
}
