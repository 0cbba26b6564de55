package import NNDiagnostics

/// Named columns of text, kept as the bytes they were read as.
///
/// Cells are slices of one buffer and become numbers or words only when a feature asks for them. A
/// text cut into windows has no cells; its rows are the windows.
package struct Table: Sendable {
  /// The file as the model file names it.
  package let name: String
  package let columnNames: [String]
  /// The data rows, without the header.
  package let rowCount: Int
  /// How it was written, so that others like it can be read.
  package let format: TableFormat

  /// Valid UTF-8 without a byte order mark.
  let bytes: [UInt8]
  /// Where each row begins in `bytes`.
  let rowStarts: [Int]
  /// Per row, where each cell begins, and one past the row's end plus one, all from the row's
  /// start: the end of a cell is always the start of the next one less the delimiter.
  let cellStarts: [UInt32]
  /// The place of each cell, row by row, of rows written in the model file; empty for a file.
  let places: [SourceRange]
  /// The rows of a text; nil of a table of cells.
  let windows: WindowedText?
  private let columnIndexes: [String: Int]

  init(
    name: String, columnNames: [String], format: CSVFormat, bytes: [UInt8], rowStarts: [Int],
    cellStarts: [UInt32], places: [SourceRange] = []
  ) {
    self.name = name
    self.columnNames = columnNames
    self.format = .cells(format)
    self.bytes = bytes
    self.rowStarts = rowStarts
    self.cellStarts = cellStarts
    self.places = places
    windows = nil
    rowCount = rowStarts.count
    columnIndexes = Dictionary(
      zip(columnNames, columnNames.indices), uniquingKeysWith: { first, _ in first })
  }

  /// A text.
  ///
  /// - bytes: valid UTF-8 without a byte order mark, of which the windows were made.
  init(name: String, windows: WindowedText, bytes: [UInt8]) {
    self.name = name
    columnNames = WindowedText.columnNames
    format = .windows(windows.format)
    self.bytes = bytes
    rowStarts = []
    cellStarts = []
    places = []
    self.windows = windows
    rowCount = windows.count
    columnIndexes = Dictionary(
      zip(columnNames, columnNames.indices), uniquingKeysWith: { first, _ in first })
  }

  /// The same rows; of a text windows that need no character behind them, the last one ending with
  /// it.
  var forPrediction: Table {
    windows.map { Table(name: name, windows: $0.endingWithText, bytes: bytes) } ?? self
  }

  /// The position of a column, or nil where there is none of that name.
  package func column(_ name: String) -> Int? { columnIndexes[name] }

  /// A cell as it is written, with its quotes; or the characters of a window.
  func slice(row: Int, column: Int) -> Range<Int> {
    if let windows {
      let scalars = String(decoding: bytes, as: UTF8.self).unicodeScalars
      let start = windows.start(row) + column
      let window = scalars.dropFirst(start).prefix(windows.format.length)
      let offset = String(scalars.prefix(start)).utf8.count
      return offset..<offset + String(window).utf8.count
    }
    let first = row * (columnNames.count + 1) + column
    let start = rowStarts[row] + Int(cellStarts[first])
    return start..<(rowStarts[row] + Int(cellStarts[first + 1]) - 1)
  }

  /// What a cell says: without its quotes, doubled quotes as one.
  func content(row: Int, column: Int) -> [UInt8] {
    unquoted(bytes[slice(row: row, column: column)])
  }

  /// What a cell says; rows count from zero.
  package func text(row: Int, column: Int) -> String {
    String(decoding: content(row: row, column: column), as: UTF8.self)
  }

  /// Where a cell stands in its file.
  package func range(row: Int, column: Int) -> SourceRange {
    if !places.isEmpty { return places[row * columnNames.count + column] }
    return textRange(slice(row: row, column: column), in: bytes)
  }
}

/// A cell of a file without its quotes.
func unquoted(_ cell: ArraySlice<UInt8>) -> [UInt8] {
  let quote = UInt8(ascii: "\"")
  guard cell.first == quote, cell.count >= 2 else { return Array(cell) }
  var result: [UInt8] = []
  result.reserveCapacity(cell.count)
  var previousIsQuote = false
  for byte in cell.dropFirst().dropLast() {
    // The first of two quotes stands for both.
    if byte == quote, previousIsQuote {
      previousIsQuote = false
      continue
    }
    previousIsQuote = byte == quote
    result.append(byte)
  }
  return result
}

/// The place of a stretch of a text.
///
/// - Complexity: linear in the offset; places are only asked for when something is wrong.
func textRange(_ slice: Range<Int>, in bytes: [UInt8]) -> SourceRange {
  func position(_ offset: Int) -> SourcePosition {
    let before = bytes[..<offset]
    let lineBreak = UInt8(ascii: "\n")
    let line = before.count { $0 == lineBreak } + 1
    let start = before.lastIndex(of: lineBreak).map { $0 + 1 } ?? 0
    let column = String(decoding: bytes[start..<offset], as: UTF8.self).count + 1
    return SourcePosition(offset: offset, line: line, column: column)
  }
  return SourceRange(position(slice.lowerBound), position(slice.upperBound))
}
