import NNModel

/// How often a class was predicted, was true, and both.
struct ClassCounts {
  var predicted = 0
  var actual = 0
  var right = 0
  var total = 0

  /// Samples of other classes that were not taken for this one.
  var rightlyOthers: Int { total - predicted - actual + right }

  /// Samples of other classes.
  var others: Int { total - actual }

  var occurs: Bool { predicted > 0 || actual > 0 }

  static func + (left: ClassCounts, right: ClassCounts) -> ClassCounts {
    ClassCounts(
      predicted: left.predicted + right.predicted, actual: left.actual + right.actual,
      right: left.right + right.right, total: left.total + right.total)
  }
}

/// The counts of all classes.
struct ConfusionCounts {
  private(set) var predicted: [Int]
  private(set) var actual: [Int]
  private(set) var right: [Int]
  private(set) var total = 0

  init(classes: Int) {
    predicted = .init(repeating: 0, count: classes)
    actual = predicted
    right = predicted
  }

  var correct: Int { right.reduce(0, +) }

  subscript(index: Int) -> ClassCounts {
    ClassCounts(
      predicted: predicted[index], actual: actual[index], right: right[index], total: total)
  }

  /// Of the classes that are true or predicted anywhere; others say nothing.
  var occurring: [ClassCounts] { actual.indices.map { self[$0] }.filter(\.occurs) }

  mutating func add(_ position: ClassPosition) {
    let class_ = position.predicted
    predicted[class_] += 1
    actual[position.label] += 1
    if class_ == position.label { right[class_] += 1 }
    total += 1
  }
}

/// A figure of the counts of right and wrong classes.
struct ConfusionAccumulator: NumberAccumulator {
  private var counts: ConfusionCounts
  private let target: TargetType
  private let figure: (ConfusionCounts) -> Double

  /// - figure: of at least one sample.
  init(_ target: TargetType, _ figure: @escaping (ConfusionCounts) -> Double) {
    counts = ConfusionCounts(classes: target.classCount)
    self.target = target
    self.figure = figure
  }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) { counts.add(position) }
  }

  var value: Double { counts.total == 0 ? .nan : figure(counts) }
}
