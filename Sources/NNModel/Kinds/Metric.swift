package import NNGraph
package import NNTensor

/// A figure that tells people how good predictions are.
package protocol Metric: Kind {
  /// Whether it can be told for such a kind of target.
  func fits(_ target: TargetType) -> Bool

  /// Throws what does not fit besides: the prediction's shape, or a field beside the target.
  func check(_ target: TargetType, prediction: Shape) throws(ShapeError)

  /// Whether a greater value is a better one; nil where no value is better than another, so that
  /// there is nothing to watch.
  var isBetterWhenGreater: Bool? { get }

  func accumulator(_ target: TargetType) -> any MetricAccumulator
}

extension Metric {
  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    try checkWidth(target, prediction)
  }

  /// Throws unless there is a probability for each class, or a prediction for each number.
  package func checkWidth(_ target: TargetType, _ prediction: Shape) throws(ShapeError) {
    let count: Int? =
      if case .category(let classes, let shape) = target {
        classes.map { $0.count * shape.count }
      } else {
        target.shape.count
      }
    guard let count, prediction.count != count else { return }
    throw ShapeError(
      """
      '\(Self.word)' needs \(count) number\(count == 1 ? "" : "s") to judge \(target.described), \
      and what its loss predicts is \(prediction)
      """,
      help: "Leave the metric out: with this loss it has no meaning.")
  }
}

/// Collects what a metric needs, sample by sample in a fixed order.
package protocol MetricAccumulator {
  mutating func add(_ observation: Observation)

  /// What all samples so far give.
  var result: MetricValue { get }
}

/// Collects what gives one number.
package protocol NumberAccumulator: MetricAccumulator {
  /// The figure over all samples so far; NaN where it is not defined.
  var value: Double { get }
}

extension NumberAccumulator {
  package var result: MetricValue { .number(value) }
}

/// What a metric tells.
package enum MetricValue: Sendable, Equatable {
  /// NaN where it is not defined.
  case number(Double)
  case table(CountTable)

  package var number: Double? {
    if case .number(let number) = self { number } else { nil }
  }

  package var table: CountTable? {
    if case .table(let table) = self { table } else { nil }
  }
}

/// How often each class was predicted for each true one.
package struct CountTable: Sendable, Equatable {
  package let classes: [String]
  /// [true class][predicted class]
  package let counts: [[Int]]

  package init(classes: [String], counts: [[Int]]) {
    self.classes = classes
    self.counts = counts
  }
}

/// A prediction beside the truth.
package struct Observation {
  /// Probabilities of classes, for each label in turn; the probability of one; or numbers in the
  /// data's own units.
  package let prediction: ArraySlice<Float>
  /// The class, of categories; of a sequence one for each position. What is below zero is not
  /// counted.
  package let labels: ArraySlice<Int32>
  /// The true numbers in the data's own units; zero or one of a binary target.
  package let truth: ArraySlice<Float>

  package init(
    prediction: ArraySlice<Float>, labels: ArraySlice<Int32>, truth: ArraySlice<Float> = []
  ) {
    self.prediction = prediction
    self.labels = labels
    self.truth = truth
  }

  package init(prediction: ArraySlice<Float>, label: Int, truth: ArraySlice<Float>) {
    self.init(prediction: prediction, labels: [Int32(clamping: label)], truth: truth)
  }

  /// The class, of a single category.
  package var label: Int { labels.first.map { Int($0) } ?? 0 }

  /// How many probabilities there are for each label.
  package var classes: Int { prediction.count / max(labels.count, 1) }

  /// The class of the greatest probability, the first of equals; of a sequence the first one's.
  package var predictedClass: Int { prediction.prefix(classes).indexOfGreatest }
}

extension ArraySlice<Float> {
  /// Counted from the slice's start; the first of equals.
  package var indexOfGreatest: Int {
    var best = startIndex
    for index in indices where self[index] > self[best] { best = index }
    return best - startIndex
  }
}
