package import NNModel
import NNTensor

/// The mean of |prediction − truth| over that of |truthₜ − truthₜ₋ₛ|, s the season; of several
/// numbers the mean of each one's. Hyndman and Koehler, "Another Look at Measures of Forecast
/// Accuracy" (2006), who scale by the training rows; here both are of the evaluated ones.
package struct MeanAbsoluteScaledError: Metric {
  package static let word = "mase"
  package static let summary =
    """
    The mean absolute error over that of the naive forecast, which repeats what was true a season \
    before: below 1 is better than that. Both are of the evaluated samples, taken as a series in \
    their order.
    """

  @Field(
    "How many samples lie between a truth and the one that the naive forecast repeats.",
    principal: true, range: .atLeast(1))
  package var season = 1

  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ScaledErrorAccumulator(width: target.shape.count, season: season)
  }
}

private struct ScaledErrorAccumulator: NumberAccumulator {
  private let season: Int
  private var errors: [CompensatedSum]
  private var steps: [CompensatedSum]
  private var count = 0
  /// The truths of the last season, the oldest at `count % season`.
  private var past: [[Double]] = []

  init(width: Int, season: Int) {
    self.season = season
    errors = .init(repeating: CompensatedSum(), count: width)
    steps = errors
  }

  mutating func add(_ observation: Observation) {
    let truth = observation.truth.map { Double($0) }
    for (index, (prediction, truth)) in zip(observation.prediction, truth).enumerated()
      .prefix(errors.count)
    {
      errors[index] += abs(Double(prediction) - truth)
    }
    let place = count % season
    if place < past.count {
      for (index, (before, truth)) in zip(past[place], truth).enumerated().prefix(steps.count) {
        steps[index] += abs(truth - before)
      }
      past[place] = truth
    } else {
      past.append(truth)
    }
    count += 1
  }

  var value: Double {
    guard count > season else { return .nan }
    let ratios = zip(errors, steps).map { error, step in
      let naive = step.value / Double(count - season)
      return naive == 0 ? .nan : error.value / Double(count) / naive
    }
    return ratios.reduce(0, +) / Double(ratios.count)
  }
}
