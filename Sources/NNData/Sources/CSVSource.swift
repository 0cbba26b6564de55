package import NNModel
package import NNYAML

package struct CSVSource: Source {
  package static let word = "csv"
  package static let summary = """
    A table in a text file: one record a line, cells between commas, as RFC 4180 has it. \
    Files ending in .tsv have tabs between cells, files ending in .gz or .zst are decompressed.
    """
  package static let example = "csv: {path: flowers.csv, delimiter: \";\"}"
  package static let extensions = [".csv", ".tsv"]
  package static let mayBeCompressed = true

  @Field(
    "The file, relative to the model file; with a star in its name several as one table.",
    principal: true)
  package var path: Located<String>

  @Field("The character between two cells; by default a comma, or a tab for .tsv.")
  package var delimiter: Delimiter? = nil

  @Field("Whether the first line names the columns; else they are column_1, column_2, ….")
  package var header: Bool = true

  package init() {}

  package var files: [Located<String>] { [path] }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    let format = CSVFormat(delimiter: delimiter?.byte, hasHeader: header)
    return path.read(
      as: .cells(format), amount, baseDirectory: baseDirectory, &reader)
  }
}

/// The character between two cells.
package struct Delimiter: FieldValue {
  package let byte: UInt8

  package static let expectation = "one ASCII character, not a quote or a line break"
  package static func sample(within range: Bounds?) -> String { "\";\"" }
  package var shownInManual: String { "\"\(Character(Unicode.Scalar(byte)))\"" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Delimiter? {
    guard let text = node.scalar?.text, text.utf8.count == 1, let byte = text.utf8.first,
      byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r"), byte > 0
    else { return reader.wrongType(node, expectation, help: "A tab is written \"\\t\".") }
    return Delimiter(byte: byte)
  }
}
