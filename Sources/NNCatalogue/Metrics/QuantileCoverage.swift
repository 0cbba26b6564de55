package import NNGraph
package import NNModel
package import NNTensor

/// The share of truths between the least and the greatest quantile that is predicted of them, both
/// included; of a single quantile, the share at or below it.
///
/// - prediction: the quantiles of each number of the target side by side, [numbers…, quantiles].
package struct QuantileCoverage: Metric {
  package static let word = "quantile_coverage"
  package static let summary =
    """
    The share of truths between the least and the greatest predicted quantile, or at or below the \
    only one: right if it is what the quantiles promise, 0.8 of 0.1 and 0.9. No value is better by \
    itself, so nothing can watch it.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { nil }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard prediction.count % max(target.shape.count, 1) != 0 else { return }
    throw ShapeError(
      """
      'quantile_coverage' needs the same number of quantiles for each of \(target.described), and \
      what its loss predicts is \(prediction)
      """,
      help: "Predict quantiles with the quantile loss, or leave the metric out.")
  }

  package func accumulator(_ target: TargetType) -> any MetricAccumulator { CoverageAccumulator() }
}

private struct CoverageAccumulator: NumberAccumulator {
  private var covered = 0
  private var count = 0

  mutating func add(_ observation: Observation) {
    let quantiles = observation.prediction.count / max(observation.truth.count, 1)
    guard quantiles > 0 else { return }
    for (index, truth) in observation.truth.enumerated() {
      let own = observation.prediction.dropFirst(index * quantiles).prefix(quantiles)
      let least = quantiles == 1 ? -Float.infinity : own.min() ?? .nan
      // Quantiles that cross are still a stretch from the least to the greatest.
      if truth >= least, truth <= own.max() ?? .nan { covered += 1 }
      count += 1
    }
  }

  var value: Double { count == 0 ? .nan : Double(covered) / Double(count) }
}
