import NNModel

/// How often each class was predicted, was true, and both.
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

  mutating func add(predicted p: Int, actual a: Int) {
    predicted[p] += 1
    actual[a] += 1
    if p == a { right[p] += 1 }
    total += 1
  }

  /// Right predictions among those of a class; zero where there are none.
  func precision(_ index: Int) -> Double { ratio(right[index], predicted[index]) }

  /// Right predictions among those that are of a class; zero where there are none.
  func recall(_ index: Int) -> Double { ratio(right[index], actual[index]) }

  /// The harmonic mean of both.
  func f1(_ index: Int) -> Double { ratio(2 * right[index], predicted[index] + actual[index]) }

  /// Of the positive class where there are two of a binary target, else the mean over classes.
  func overClasses(isBinary: Bool, _ figure: (Int) -> Double) -> Double {
    if total == 0 { return .nan }
    if isBinary { return figure(1) }
    return actual.indices.reduce(0) { $0 + figure($1) } / Double(actual.count)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }
}

/// A figure of the counts of right and wrong classes.
struct ConfusionAccumulator: MetricAccumulator {
  private var counts: ConfusionCounts
  private let isBinary: Bool
  private let figure: (ConfusionCounts) -> Double

  init(_ target: TargetType, _ figure: @escaping (ConfusionCounts) -> Double) {
    isBinary = target.isBinary
    counts = ConfusionCounts(classes: isBinary ? 2 : max(target.width ?? 1, 1))
    self.figure = figure
  }

  mutating func add(_ observation: Observation) {
    if isBinary {
      let probability = observation.prediction.first ?? 0
      counts.add(
        predicted: probability > 0.5 ? 1 : 0, actual: (observation.truth.first ?? 0) > 0.5 ? 1 : 0)
    } else {
      counts.add(predicted: observation.predictedClass, actual: observation.label)
    }
  }

  var value: Double { figure(counts) }
}

extension TargetType {
  var isBinary: Bool {
    if case .binary = self { true } else { false }
  }

  /// Whether it is about classes rather than numbers.
  var isClass: Bool {
    if case .number = self { false } else { true }
  }
}
