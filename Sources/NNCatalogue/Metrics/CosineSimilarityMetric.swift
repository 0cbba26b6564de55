package import NNModel

/// The mean of prediction · truth / (|prediction| |truth|), zero where either has no length.
package struct CosineSimilarityMetric: Metric {
  package static let word = "cosine_similarity"
  package static let summary =
    "The mean cosine of the angle between prediction and truth, from −1 to 1."
  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator { CosineAccumulator() }
}

private struct CosineAccumulator: NumberAccumulator {
  private var sum = CompensatedSum()
  private var count = 0

  mutating func add(_ observation: Observation) {
    var product = 0.0
    var predicted = 0.0
    var actual = 0.0
    for (prediction, truth) in zip(observation.prediction, observation.truth) {
      product += Double(prediction) * Double(truth)
      predicted += Double(prediction) * Double(prediction)
      actual += Double(truth) * Double(truth)
    }
    let lengths = predicted.squareRoot() * actual.squareRoot()
    sum += lengths == 0 ? 0 : product / lengths
    count += 1
  }

  var value: Double { count == 0 ? .nan : sum.value / Double(count) }
}
