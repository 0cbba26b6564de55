package import NNModel

/// The correlation of predicted and true classes; Matthews (1975), for several classes Gorodkin,
/// "Comparing Two K-Category Assignments by a K-Category Correlation Coefficient" (2004).
package struct Matthews: Metric {
  package static let word = "matthews"
  package static let summary =
    """
    The correlation of predicted and true classes: 1 is perfect, 0 no better than chance; 0 too \
    where all are one class.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ConfusionAccumulator(target) { counts in
      func product(_ left: [Int], _ right: [Int]) -> Double {
        zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
      }
      let total = Double(counts.total)
      let both = Double(counts.correct) * total - product(counts.actual, counts.predicted)
      let predicted = total * total - product(counts.predicted, counts.predicted)
      let actual = total * total - product(counts.actual, counts.actual)
      guard predicted > 0, actual > 0 else { return 0 }
      return both / (predicted * actual).squareRoot()
    }
  }
}
