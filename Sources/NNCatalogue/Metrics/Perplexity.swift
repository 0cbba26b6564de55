import NNGraph
package import NNModel

/// exp of the mean of −ln p of the true class, over all positions of all sequences.
package struct Perplexity: Metric {
  package static let word = "perplexity"
  package static let summary =
    """
    Among how many equally probable classes a prediction leaves the choice: exp of log_loss, over \
    all positions of all sequences.
    """
  package init() {}

  package var isBetterWhenGreater: Bool? { false }
  package func fits(_ target: TargetType) -> Bool { target.isCategory }
  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    PositionMean(target) {
      ($0.surprise, 1)
    } finish: {
      UnaryFunction.exp($0)
    }
  }
}
