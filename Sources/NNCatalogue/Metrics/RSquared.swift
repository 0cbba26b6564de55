package import NNModel

/// 1 − Σ (truth − prediction)² / Σ (truth − mean)², the mean over a target's numbers.
package struct RSquared: Metric {
  package static let word = "r2"
  package static let summary =
    "The share of the target's variance that is explained; 1 is perfect, 0 no better than the mean."
  package init() {}

  package var isBetterWhenGreater: Bool { true }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    DeterminationAccumulator(width: target.width ?? 1)
  }
}

/// Sums for each number of a target; the spread by Welford's updates, which lose no digits.
private struct DeterminationAccumulator: MetricAccumulator {
  private var count = 0.0
  private var errors: [Double]
  private var means: [Double]
  private var spreads: [Double]

  init(width: Int) {
    errors = .init(repeating: 0, count: width)
    means = errors
    spreads = errors
  }

  mutating func add(_ observation: Observation) {
    count += 1
    for (index, (prediction, truth)) in zip(observation.prediction, observation.truth).enumerated()
    {
      let error = Double(prediction) - Double(truth)
      errors[index] += error * error
      let offset = Double(truth) - means[index]
      means[index] += offset / count
      spreads[index] += offset * (Double(truth) - means[index])
    }
  }

  var value: Double {
    guard count > 1 else { return .nan }
    let each = zip(errors, spreads).map { $1 == 0 ? .nan : 1 - $0 / $1 }
    return each.reduce(0, +) / Double(each.count)
  }
}
