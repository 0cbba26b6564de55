package import NNModel

/// Σ |bin| / n · |accuracy − confidence| over bins of equal width, (i / bins, (i + 1) / bins] of
/// the probability of the predicted class; Guo et al., "On Calibration of Modern Neural Networks"
/// (2017).
package struct CalibrationError: Metric {
  package static let word = "calibration_error"
  package static let summary =
    """
    The expected calibration error: by how much the probability of the predicted class misses the \
    share of right ones, among samples of like probability.
    """

  @Field("Bins of equal width from 0 to 1.", principal: true, range: .between(1, 10_000))
  package var bins = 10

  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { !target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    CalibrationAccumulator(target, bins: bins)
  }
}

private struct CalibrationAccumulator: NumberAccumulator {
  private struct Bin {
    var confidence = CompensatedSum()
    var right = 0
  }

  private let target: TargetType
  private var bins: [Bin]
  private var count = 0
  private var hasNaN = false

  init(_ target: TargetType, bins: Int) {
    self.target = target
    self.bins = .init(repeating: Bin(), count: bins)
  }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) {
      let predicted = position.predicted
      let confidence = position.probability(of: predicted)
      guard !confidence.isNaN else {
        hasNaN = true
        continue
      }
      let place = (min(max(confidence, 0), 1) * Double(bins.count)).rounded(.up)
      let index = max(Int(place) - 1, 0)
      bins[index].confidence += confidence
      if predicted == position.label { bins[index].right += 1 }
      count += 1
    }
  }

  var value: Double {
    guard count > 0, !hasNaN else { return .nan }
    return bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence.value) } / Double(count)
  }
}
