package import NNModel

/// The samples rightly predicted to be of a class over those that are predicted to be or are.
package struct Jaccard: ClassRatio {
  package static let word = "jaccard"
  package static let summary =
    "The intersection over the union of the samples of a class and those predicted to be."

  @Field(ClassAverage.help, principal: true) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    (Double(counts.right), Double(counts.predicted + counts.actual - counts.right))
  }
}
