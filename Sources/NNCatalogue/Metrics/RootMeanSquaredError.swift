package import NNModel

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
