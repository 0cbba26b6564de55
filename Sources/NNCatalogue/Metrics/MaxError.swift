package import NNModel

/// The greatest |prediction − truth| of all samples and numbers.
package struct MaxError: Metric {
  package static let word = "max_error"
  package static let summary = "The greatest absolute error, in the data's own units."
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator { MaxAccumulator() }
}

private struct MaxAccumulator: NumberAccumulator {
  private(set) var value = Double.nan
  private var count = 0

  mutating func add(_ observation: Observation) {
    for (prediction, truth) in zip(observation.prediction, observation.truth) {
      let error = abs(Double(prediction) - Double(truth))
      // What is not a number stays; before the first error there is nothing to compare with.
      if count == 0 || error > value || error.isNaN { value = error }
      count += 1
    }
  }
}
