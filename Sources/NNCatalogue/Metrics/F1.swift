package import NNModel

/// The harmonic mean of precision and recall.
package struct F1: ClassRatio {
  package static let word = "f1"
  package static let summary =
    "The harmonic mean of precision and recall."

  @Field(ClassAverage.help, principal: true) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    (2 * Double(counts.right), Double(counts.predicted + counts.actual))
  }
}
