import NNModel
import NNTensor

/// How far numbers lie from their mean, by Welford's updates, which lose no digits; "Note on a
/// Method for Calculating Corrected Sums of Squares and Products" (1962).
struct Spread {
  private var count = 0.0
  private var mean = 0.0
  /// Σ (x − mean)²
  private(set) var squares = 0.0

  mutating func add(_ x: Double) {
    count += 1
    let offset = x - mean
    mean += offset / count
    squares += offset * (x - mean)
  }
}

/// 1 − what is left over what there was, for each number of a target, and the mean of those.
struct ExplainedShare: NumberAccumulator {
  private let least: Int
  private let leavesOffsets: Bool
  private var count = 0
  private var truths: [Spread]
  private var errors: [Spread]
  private var squares: [CompensatedSum]

  /// - leavesOffsets: whether a constant error counts as one.
  /// - least: how many samples must be there.
  init(_ target: TargetType, leavesOffsets: Bool, least: Int) {
    self.least = least
    self.leavesOffsets = leavesOffsets
    let width = target.shape.count
    truths = .init(repeating: Spread(), count: width)
    errors = truths
    squares = .init(repeating: CompensatedSum(), count: width)
  }

  mutating func add(_ observation: Observation) {
    count += 1
    for ((index, prediction), truth) in zip(observation.prediction.enumerated(), observation.truth)
      .prefix(truths.count)
    {
      let error = Double(truth) - Double(prediction)
      truths[index].add(Double(truth))
      errors[index].add(error)
      squares[index] += error * error
    }
  }

  var value: Double {
    guard count >= least else { return .nan }
    let shares = truths.indices.map { index in
      let left = leavesOffsets ? squares[index].value : errors[index].squares
      let whole = truths[index].squares
      guard whole == 0, !left.isNaN else { return 1 - left / whole }
      // Of what does not vary nothing can be explained, unless it is met exactly.
      return left == 0 ? 1.0 : 0
    }
    return shares.reduce(0, +) / Double(shares.count)
  }
}
