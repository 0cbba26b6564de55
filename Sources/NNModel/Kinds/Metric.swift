/// A figure that tells people how good predictions are.
package protocol Metric: Kind {
  /// Whether it can be told for such a target.
  func fits(_ target: TargetType) -> Bool

  /// Whether a greater value is a better one.
  var isBetterWhenGreater: Bool { get }

  func accumulator(_ target: TargetType) -> any MetricAccumulator
}

/// Collects what a metric needs, sample by sample in a fixed order.
package protocol MetricAccumulator {
  mutating func add(_ observation: Observation)

  /// The figure over all samples so far; NaN where it is not defined.
  var value: Double { get }
}

/// A prediction beside the truth.
package struct Observation {
  /// Probabilities of classes, the probability of one, or numbers in the data's own units.
  package let prediction: ArraySlice<Float>
  /// The class, of categories.
  package let label: Int
  /// The true numbers in the data's own units; zero or one of a binary target.
  package let truth: ArraySlice<Float>

  package init(prediction: ArraySlice<Float>, label: Int, truth: ArraySlice<Float>) {
    self.prediction = prediction
    self.label = label
    self.truth = truth
  }

  /// The class of the greatest probability, the first of equals.
  package var predictedClass: Int {
    var best = prediction.startIndex
    for index in prediction.indices where prediction[index] > prediction[best] { best = index }
    return best - prediction.startIndex
  }
}
