/// How a table of cells is written in a text file.
package struct CSVFormat: Sendable, Equatable {
  /// The ASCII character between two cells; nil where the file's extension says it.
  package let delimiter: UInt8?
  /// Whether the first record names the columns.
  package let hasHeader: Bool

  package init(delimiter: UInt8? = nil, hasHeader: Bool = true) {
    self.delimiter = delimiter
    self.hasHeader = hasHeader
  }

  /// The character between the cells of a file: a tab for `.tsv`, also compressed, else a
  /// comma, unless the format says another.
  func delimiter(ofPath path: String) -> UInt8 {
    delimiter
      ?? (hasSuffix(path, anyOf: [".tsv"] + compressedExtensions.map { ".tsv" + $0 })
        ? 0x09 : UInt8(ascii: ","))
  }
}
