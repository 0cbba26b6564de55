package import NNModel

/// Σ (recallₙ − recallₙ₋₁) precisionₙ over the thresholds, the average precision, which does not
/// draw lines between the points of the curve; as scikit-learn has it. Of several classes, each
/// against all others.
package struct PRAUC: Metric {
  package static let word = "pr_auc"
  package static let summary =
    "The area under the curve of precision over recall, in steps: the average precision."

  @Field(
    """
    Of more than two classes, how their figures become one: macro takes the mean, in which a class \
    without samples counts as 0, weighted the mean by how many samples each has.
    """, principal: true)
  package var average = RankingAverage.macro

  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    RankingAccumulator(target, average) { scores in
      guard scores.positives > 0 else { return 0 }
      var found = 0
      var taken = 0
      var area = 0.0
      for group in scores.groups {
        found += group.positives
        taken += group.positives + group.negatives
        area += Double(group.positives) * Double(found) / Double(taken)
      }
      return area / Double(scores.positives)
    }
  }
}
