package import NNModel
import NNTensor

/// The median of |prediction − truth|, the mean over a target's numbers.
package struct MedianAbsoluteError: Metric {
  package static let word = "median_absolute_error"
  package static let summary =
    "The median of the absolute errors, in the data's own units; outliers do not move it."
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MedianAccumulator(width: target.shape.count)
  }
}

/// Keeps every error: no exact median is found in passing.
private struct MedianAccumulator: NumberAccumulator {
  /// [number of the target][sample]
  private var errors: [[Double]]

  init(width: Int) {
    errors = .init(repeating: [], count: width)
  }

  mutating func add(_ observation: Observation) {
    for (index, (prediction, truth)) in zip(observation.prediction, observation.truth).enumerated()
      .prefix(errors.count)
    {
      errors[index].append(abs(Double(prediction) - Double(truth)))
    }
  }

  var value: Double { errors.reduce(0) { $0 + median($1) } / Double(errors.count) }

  private func median(_ values: [Double]) -> Double {
    guard !values.isEmpty, !values.contains(where: \.isNaN) else { return .nan }
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
