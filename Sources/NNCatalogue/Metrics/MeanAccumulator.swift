import NNModel

/// The mean of a function of the errors.
struct MeanAccumulator: MetricAccumulator {
  private let each: (Double) -> Double
  private let finish: (Double) -> Double
  private var sum = 0.0
  private var count = 0

  init(_ each: @escaping (Double) -> Double, finish: @escaping (Double) -> Double) {
    self.each = each
    self.finish = finish
  }

  mutating func add(_ observation: Observation) {
    for (prediction, truth) in zip(observation.prediction, observation.truth) {
      sum += each(Double(prediction) - Double(truth))
      count += 1
    }
  }

  var value: Double { count == 0 ? .nan : finish(sum / Double(count)) }
}
