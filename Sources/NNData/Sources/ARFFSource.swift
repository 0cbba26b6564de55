package import NNModel

package struct ARFFSource: Source {
  package static let word = "arff"
  package static let summary = """
    A table of Weka or OpenML: numbers, texts, and nominal attributes, whose declared classes are the \
    classes of a category in their order. Sparse rows are read too, dates are not. Files ending in .gz or \
    .zst are decompressed.
    """
  package static let example = "arff: flowers.arff"
  package static let extensions = [".arff"]
  package static let mayBeCompressed = true

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    path.read(
      as: .typed(ARFFFormat()), amount, baseDirectory: baseDirectory, &reader)
  }
}
