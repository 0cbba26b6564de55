package import NNModel

/// (1 + β²) precision · recall / (β² precision + recall); van Rijsbergen, "Information Retrieval"
/// (1979).
package struct FBeta: ClassRatio {
  package static let word = "f_beta"
  package static let summary =
    "The harmonic mean of precision and recall, in which recall counts beta times as much."

  @Field(
    "How many times as much recall counts as precision; 1 is f1.", principal: true,
    range: .between(0, 1e6))
  package var beta: Double

  @Field(ClassAverage.help) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    let square = beta * beta
    return (
      (1 + square) * Double(counts.right),
      square * Double(counts.actual) + Double(counts.predicted)
    )
  }
}
