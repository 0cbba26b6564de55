import NNModel

/// The mean of a number made of each prediction and its truth.
struct ErrorMean: NumberAccumulator {
  private let each: (_ prediction: Double, _ truth: Double) -> Double
  private let finish: (Double) -> Double
  private var sum = CompensatedSum()
  private var count = 0

  init(
    _ each: @escaping (_ prediction: Double, _ truth: Double) -> Double,
    finish: @escaping (Double) -> Double = { $0 }
  ) {
    self.each = each
    self.finish = finish
  }

  mutating func add(_ observation: Observation) {
    for (prediction, truth) in zip(observation.prediction, observation.truth) {
      sum += each(Double(prediction), Double(truth))
      count += 1
    }
  }

  var value: Double { count == 0 ? .nan : finish(sum.value / Double(count)) }
}

/// A metric that is a mean of errors, the smaller the better.
protocol ErrorMeanMetric: Metric {
  func error(_ prediction: Double, _ truth: Double) -> Double
  func figure(_ mean: Double) -> Double
}

extension ErrorMeanMetric {
  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isNumber }
  func figure(_ mean: Double) -> Double { mean }

  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    ErrorMean(error, finish: figure)
  }
}
