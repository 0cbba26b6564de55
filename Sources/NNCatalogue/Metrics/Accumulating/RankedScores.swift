import NNModel

/// The scores of one class from the highest down, in groups of equal ones.
struct RankedScores {
  struct Group {
    var positives = 0
    var negatives = 0
  }

  private(set) var groups: [Group] = []
  private(set) var positives = 0
  private(set) var negatives = 0

  init(_ scores: [(score: Float, isPositive: Bool)]) {
    var last: Float?
    for (score, isPositive) in scores.sorted(by: { $0.score > $1.score }) {
      if score != last { groups.append(Group()) }
      last = score
      if isPositive {
        groups[groups.count - 1].positives += 1
        positives += 1
      } else {
        groups[groups.count - 1].negatives += 1
        negatives += 1
      }
    }
  }
}

/// How the figures of classes, each against all others, become one.
package enum RankingAverage: String, WordChoice {
  case macro
  case weighted
}

/// Keeps all probabilities, and judges how they rank each class against all others.
struct RankingAccumulator: NumberAccumulator {
  private let target: TargetType
  private let average: RankingAverage
  private let figure: (RankedScores) -> Double
  /// Of class after class, position after position.
  private var probabilities: [Float] = []
  private var labels: [Int32] = []
  private var hasNaN = false

  init(
    _ target: TargetType, _ average: RankingAverage, _ figure: @escaping (RankedScores) -> Double
  ) {
    self.target = target
    self.average = average
    self.figure = figure
  }

  /// Of a binary target there is one figure, that of yes.
  private var width: Int { target.isBinary ? 1 : target.classCount }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) {
      hasNaN = hasNaN || position.probabilities.contains(where: \.isNaN)
      probabilities += position.probabilities
      labels.append(Int32(position.label))
    }
  }

  var value: Double {
    guard !labels.isEmpty, !hasNaN else { return .nan }
    if target.isBinary { return figure(ranked(class: 1, at: 0)) }
    var sum = 0.0
    for index in 0..<width {
      let scores = ranked(class: index, at: index)
      switch average {
      case .macro: sum += figure(scores) / Double(width)
      case .weighted where scores.positives > 0:
        sum += figure(scores) * Double(scores.positives) / Double(labels.count)
      case .weighted: break  // What counts for nothing need not be defined.
      }
    }
    return sum
  }

  private func ranked(class index: Int, at place: Int) -> RankedScores {
    RankedScores(
      labels.indices.map { (probabilities[$0 * width + place], labels[$0] == index) })
  }
}
