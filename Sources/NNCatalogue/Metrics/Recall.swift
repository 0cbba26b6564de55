package import NNModel

/// Of the samples of a class, the share predicted to be.
package struct Recall: ClassRatio {
  package static let word = "recall"
  package static let summary =
    "The share of a class's samples that are found."

  @Field(ClassAverage.help, principal: true) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    (Double(counts.right), Double(counts.actual))
  }
}
