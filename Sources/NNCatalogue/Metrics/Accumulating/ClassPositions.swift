import NNGraph
import NNModel

/// A class that was predicted beside the true one: of a sample, or of a position in a sequence.
struct ClassPosition {
  /// One for each class; the probability of yes of a binary target.
  let probabilities: ArraySlice<Float>
  let label: Int
  let isBinary: Bool

  /// The class of the greatest probability, the first of equals.
  var predicted: Int {
    isBinary ? (probability(of: 1) > 0.5 ? 1 : 0) : probabilities.indexOfGreatest
  }

  func probability(of index: Int) -> Double {
    if isBinary {
      let yes = Double(probabilities.first ?? 0)
      return index == 1 ? yes : 1 - yes
    }
    return Double(probabilities[probabilities.startIndex + index])
  }

  /// −ln of the probability of the true class, which scikit-learn keeps a rounding error away from
  /// zero and one.
  var surprise: Double {
    let smallest = Double.ulpOfOne
    let probability = probability(of: label)
    if probability < smallest { return -UnaryFunction.log(smallest) }
    return -UnaryFunction.log(min(probability, 1 - smallest))
  }
}

/// The positions of an observation that count: those whose label is a class.
struct ClassPositions: Sequence, IteratorProtocol {
  private let observation: Observation
  private let isBinary: Bool
  private let classes: Int
  private var place = 0

  init(_ observation: Observation, _ target: TargetType) {
    self.observation = observation
    isBinary = target.isBinary
    classes = target.isBinary ? 1 : Swift.min(target.classCount, observation.classes)
  }

  mutating func next() -> ClassPosition? {
    if isBinary {
      guard place < Swift.min(observation.truth.count, observation.prediction.count) else {
        return nil
      }
      defer { place += 1 }
      return ClassPosition(
        probabilities: observation.prediction.dropFirst(place).prefix(1),
        label: observation.truth[observation.truth.startIndex + place] > 0.5 ? 1 : 0,
        isBinary: true)
    }
    while place < observation.labels.count {
      defer { place += 1 }
      let label = Int(observation.labels[observation.labels.startIndex + place])
      guard label >= 0, label < classes else { continue }
      let first = observation.prediction.startIndex + place * observation.classes
      return ClassPosition(
        probabilities: observation.prediction[first..<first + classes], label: label,
        isBinary: false)
    }
    return nil
  }
}

extension TargetType {
  var isBinary: Bool {
    if case .binary = self { true } else { false }
  }

  var isCategory: Bool {
    if case .category = self { true } else { false }
  }

  var isNumber: Bool {
    if case .number = self { true } else { false }
  }

  /// How many classes there are: two of a binary target.
  var classCount: Int { isBinary ? 2 : (isCategory ? width ?? 0 : 0) }

  /// The names of the classes, in order.
  var classNames: [String] {
    switch self {
    case .category(let classes, _): classes ?? []
    case .binary(let positive): ["not \(positive)", positive]
    case .number: []
    }
  }
}
