import NNGraph
import NNModel
import NNTensor

/// How the figures of classes become one.
package enum ClassAverage: String, WordChoice {
  case binary
  case micro
  case macro
  case weighted

  /// For the field of all metrics that have it.
  static let help =
    """
    How the classes' figures become one: binary takes the positive class, micro counts all classes \
    together, macro takes the mean over the classes that occur, weighted that mean by how often \
    each is true; where not given, binary of a binary target and else macro.
    """
}

/// A metric that is a ratio of each class's counts. Zero of zero is zero.
protocol ClassRatio: Metric {
  var average: ClassAverage? { get }

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double)
}

extension ClassRatio {
  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if average == .binary, !target.isBinary {
      throw ShapeError(
        "average: binary is the figure of a positive class, and the target is \(target.described)",
        help: "Take micro, macro or weighted.")
    }
    try checkWidth(target, prediction)
  }

  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    let average = average ?? (target.isBinary ? .binary : .macro)
    return ConfusionAccumulator(target) { joined($0, average) }
  }

  private func figure(_ counts: ClassCounts) -> Double {
    let (part, whole) = ratio(counts)
    return whole == 0 ? 0 : part / whole
  }

  private func joined(_ counts: ConfusionCounts, _ average: ClassAverage) -> Double {
    let occurring = counts.occurring
    switch average {
    case .binary: return counts.actual.count == 2 ? figure(counts[1]) : .nan
    case .micro: return figure(occurring.reduce(ClassCounts(), +))
    case .macro: return occurring.map(figure).reduce(0, +) / Double(occurring.count)
    case .weighted:
      return occurring.map { figure($0) * Double($0.actual) }.reduce(0, +) / Double(counts.total)
    }
  }
}
