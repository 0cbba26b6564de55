package import NNModel

/// The mean of Σ (p − y)² over the classes, y one for the true class and zero for the others; half
/// of that where there are two classes. Brier, "Verification of Forecasts Expressed in Terms of
/// Probability" (1950).
package struct BrierScore: Metric {
  package static let word = "brier"
  package static let summary =
    """
    The mean squared distance of the probabilities from the truth: of two classes (p − y)², from 0 \
    to 1, of more the sum over the classes, from 0 to 2.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    let classes = target.classCount
    return PositionMean(target) { position in
      var sum = 0.0
      for index in 0..<classes {
        let distance = position.probability(of: index) - (index == position.label ? 1 : 0)
        sum += distance * distance
      }
      return (classes > 2 ? sum : sum / 2, 1)
    }
  }
}
