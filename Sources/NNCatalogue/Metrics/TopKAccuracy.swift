package import NNGraph
package import NNModel
package import NNTensor

/// The share of samples whose class is among the k most probable ones. Of equals the first counts
/// as the more probable, so that k = 1 is the accuracy.
package struct TopKAccuracy: Metric {
  package static let word = "top_k_accuracy"
  package static let summary =
    "The share of samples whose class is among the k that are predicted to be most probable."

  @Field("How many classes are taken; fewer than there are.", principal: true, range: .atLeast(1))
  package var k = 5

  package init() {}

  package var isBetterWhenGreater: Bool? { true }
  package func fits(_ target: TargetType) -> Bool { target.isCategory }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    if let classes = target.width, k >= classes {
      throw ShapeError(
        "among the \(k) most probable of \(classes) classes is every class",
        help: classes > 2 ? "Give a k of at most \(classes - 1)." : "Take accuracy.")
    }
    try checkWidth(target, prediction)
  }

  package func accumulator(_ target: TargetType) -> any MetricAccumulator {
    PositionMean(target) { ($0.rankOfLabel < k ? 1 : 0, 1) }
  }
}

extension ClassPosition {
  /// How many classes are more probable than the true one.
  fileprivate var rankOfLabel: Int {
    let place = probabilities.startIndex + label
    let own = probabilities[place]
    guard !own.isNaN else { return probabilities.count }
    var rank = 0
    for index in probabilities.indices where probabilities[index] >= own {
      if index < place || probabilities[index] > own { rank += 1 }
    }
    return rank
  }
}
