package import NNModel

/// 1 − Var(truth − prediction) / Var(truth), the mean over a target's numbers. Where the truth does
/// not vary it is 1 if the errors do not either, else 0.
package struct ExplainedVariance: Metric {
  package static let word = "explained_variance"
  package static let summary =
    "The share of the target's variance that is explained, a constant error forgiven; 1 is perfect."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ExplainedShare(target, leavesOffsets: false, least: 1)
  }
}
