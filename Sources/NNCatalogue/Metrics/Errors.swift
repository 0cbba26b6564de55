package import NNModel

/// The mean of |prediction − truth|, in the data's own units.
package struct MeanAbsoluteErrorMetric: Metric {
  package static let word = "mae"
  package static let summary = "The mean absolute error, in the data's own units."
  package init() {}

  package var isBetterWhenGreater: Bool { false }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MeanAccumulator {
      abs($0)
    } finish: {
      $0
    }
  }
}

/// The mean of (prediction − truth)², in the data's own units.
package struct MeanSquaredErrorMetric: Metric {
  package static let word = "mse"
  package static let summary = "The mean squared error, in the data's own units squared."
  package init() {}

  package var isBetterWhenGreater: Bool { false }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MeanAccumulator {
      $0 * $0
    } finish: {
      $0
    }
  }
}

/// The root of the mean squared error, in the data's own units.
package struct RootMeanSquaredError: Metric {
  package static let word = "rmse"
  package static let summary = "The root of the mean squared error, in the data's own units."
  package init() {}

  package var isBetterWhenGreater: Bool { false }
  package func fits(_ target: TargetType) -> Bool { !target.isClass }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    MeanAccumulator {
      $0 * $0
    } finish: {
      $0.squareRoot()
    }
  }
}

/// The mean of a function of the errors.
private struct MeanAccumulator: MetricAccumulator {
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
