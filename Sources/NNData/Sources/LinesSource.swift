package import NNModel

package struct LinesSource: Source {
  package static let word = "lines"
  package static let summary = """
    Documents in a text file, one a line, as the column 'text'; with label a column 'label' stands \
    before it, which is missing where a line has none. Lines of blanks alone hold no row. Files ending \
    in .gz or .zst are decompressed.
    """
  package static let example = "lines: {path: reviews.txt, label: tab}"
  package static let extensions: [String] = []

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  @Field(
    "What a line begins with: none; tab, a label and a tab; or fasttext, __label__ and a label.")
  package var label = LineLabel.none

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    path.read(
      as: .typed(LinesFormat(label: label)), amount, baseDirectory: baseDirectory, &reader)
  }
}

/// How a line of text begins with a label.
package enum LineLabel: String, WordChoice {
  case none
  case tab
  case fasttext
}
