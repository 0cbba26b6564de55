package import NNModel

/// Of the samples of other classes, the share that are not taken for this one.
package struct Specificity: ClassRatio {
  package static let word = "specificity"
  package static let summary =
    "The share of the samples of other classes that are not taken for this one."

  @Field(ClassAverage.help, principal: true) package var average: ClassAverage? = nil

  package init() {}

  func ratio(_ counts: ClassCounts) -> (part: Double, whole: Double) {
    (Double(counts.rightlyOthers), Double(counts.others))
  }
}
