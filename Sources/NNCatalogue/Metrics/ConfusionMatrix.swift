package import NNGraph
package import NNModel
package import NNTensor

/// How often each class was predicted for each true one.
package struct ConfusionMatrix: Metric {
  package static let word = "confusion_matrix"
  package static let summary =
    """
    How often each class is predicted for each true one: a table with a row for each true class and \
    a column for each predicted one. Not a number, so nothing can watch it.
    """
  package init() {}

  /// What nobody reads; the table grows with the square of the classes.
  private static let mostClasses = 1_000

  package var isBetterWhenGreater: Bool? { nil }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if target.classCount > Self.mostClasses {
      throw ShapeError(
        "a table of \(target.classCount) by \(target.classCount) classes is too large to be told",
        help: "There may be \(Self.mostClasses) classes; take balanced_accuracy or matthews.")
    }
    try checkWidth(target, prediction)
  }

  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    TableAccumulator(target)
  }
}

private struct TableAccumulator: MetricAccumulator {
  private let target: TargetType
  private var counts: [[Int]]

  init(_ target: TargetType) {
    self.target = target
    let classes = target.classCount
    counts = .init(repeating: .init(repeating: 0, count: classes), count: classes)
  }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) {
      counts[position.label][position.predicted] += 1
    }
  }

  var result: MetricValue { .table(CountTable(classes: target.classNames, counts: counts)) }
}
