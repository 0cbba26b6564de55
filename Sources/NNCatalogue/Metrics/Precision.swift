package import NNModel

/// Of the samples predicted to be of a class, the share that are.
package struct Precision: ClassRatio {
  package static let word = "precision"
  package static let summary =
    "The share of right ones among the samples predicted to be of a class."

  @Field(ClassAverage.help, principal: true) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    (Double(counts.right), Double(counts.predicted))
  }
}
