package import NNModel

/// The area under the curve of true positives over false positives, which is the share of pairs
/// that are ranked right, equal ones as half; Hanley and McNeil, "The Meaning and Use of the Area
/// under a Receiver Operating Characteristic Curve" (1982). Of several classes, each against all
/// others; Provost and Domingos (2000).
package struct ROCAUC: Metric {
  package static let word = "roc_auc"
  package static let summary =
    """
    How often a sample of a class is given a higher probability of it than one of another class: \
    the area under the receiver operating characteristic.
    """

  @Field(
    """
    Of more than two classes, how their figures become one: macro takes the mean, which is not \
    defined where a class has no samples, weighted the mean by how many samples each has.
    """, principal: true)
  package var average = RankingAverage.macro

  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    RankingAccumulator(target, average) { scores in
      var above = 0
      var pairs = 0.0
      for group in scores.groups {
        pairs += Double(group.negatives) * (Double(above) + Double(group.positives) / 2)
        above += group.positives
      }
      return pairs / (Double(scores.positives) * Double(scores.negatives))
    }
  }
}
