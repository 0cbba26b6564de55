package import NNModel

/// 1 − Σ (truth − prediction)² / Σ (truth − mean)², the mean over a target's numbers. Where the
/// truth does not vary it is 1 if all is met exactly, else 0.
package struct RSquared: Metric {
  package static let word = "r2"
  package static let summary =
    "The share of the target's variance that is explained; 1 is perfect, 0 no better than the mean."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ExplainedShare(target, leavesOffsets: true, least: 2)
  }
}
