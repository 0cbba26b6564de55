package import NNDiagnostics
import NNTensor

/// Named columns of rows.
///
/// Those of a text are kept as the bytes they were read as: cells are slices of one buffer and become
/// numbers or words only when a feature asks for them. A text cut into windows has no cells; its rows
/// are the windows. Files that know what their values are have typed columns instead.
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
  /// The rows of a text; nil of all other tables.
  let windows: WindowedText?
  /// The typed columns; nil of cells and texts.
  let typed: TypedRows?
  /// The files it was put together of; empty where it is one.
  let parts: [TablePart]
  /// What comes before it in its file, where it is a stretch of one.
  let before: TextBefore
  /// The cells of a table too large for memory, which are read again when they are asked for.
  let stream: CellStream?
  private let columnIndexes: [String: Int]

  init(
    name: String, columnNames: [String], format: CSVFormat, bytes: [UInt8], rowStarts: [Int],
    cellStarts: [UInt32], places: [SourceRange] = [],
    before: TextBefore = TextBefore()
  ) {
    self.name = name
    self.columnNames = columnNames
    self.format = .cells(format)
    self.before = before
    stream = nil
    self.bytes = bytes
    self.rowStarts = rowStarts
    self.cellStarts = cellStarts
    self.places = places
    windows = nil
    typed = nil
    parts = []
    rowCount = rowStarts.count
    columnIndexes = positions(columnNames)
  }

  /// A table too large for memory.
  init(name: String, format: CSVFormat, stream: CellStream) {
    self.name = name
    self.stream = stream
    columnNames = stream.columnNames
    rowCount = stream.rowCount
    self.format = .cells(format)
    before = TextBefore()
    bytes = []
    rowStarts = []
    cellStarts = []
    places = []
    windows = nil
    typed = nil
    parts = []
    columnIndexes = positions(columnNames)
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
    typed = nil
    parts = []
    before = TextBefore()
    stream = nil
    rowCount = windows.count
    columnIndexes = positions(columnNames)
  }

  /// Columns that know what their values are.
  ///
  /// - Parameters:
  ///   - name: the file as the model file names it.
  ///   - columns: all of as many rows, their names different.
  ///   - format: how the file was read.
  ///   - text: the valid UTF-8 that findings point into, where the file is a text.
  ///   - rowStarts: where each row begins in the text.
  package init(
    name: String, columns: [TypedColumn], format: TableFormat, text: FileBytes? = nil,
    rowStarts: [Int] = []
  ) {
    self.init(
      name: name, columns: columns, format: format, text: text, rowStarts: rowStarts, parts: [])
  }

  /// Typed columns of several files.
  init(
    name: String, columns: [TypedColumn], format: TableFormat, text: FileBytes? = nil,
    rowStarts: [Int] = [], parts: [TablePart]
  ) {
    self.parts = parts
    self.name = name
    self.format = format
    before = TextBefore()
    stream = nil
    bytes = []
    columnNames = columns.map(\.name)
    self.rowStarts = []
    cellStarts = []
    places = []
    windows = nil
    typed = TypedRows(columns: columns, text: text, starts: rowStarts)
    rowCount = columns.map(\.rowCount).min() ?? 0
    columnIndexes = positions(columnNames)
  }

  /// The cells of several files with the same columns, which `parts` tells of.
  init(name: String, cellsOf tables: [Table], parts: [TablePart]) {
    self.name = name
    columnNames = tables[0].columnNames
    format = tables[0].format
    var bytes: [UInt8] = []
    var rowStarts: [Int] = []
    var cellStarts: [UInt32] = []
    bytes.reserveCapacity(tables.reduce(0) { $0 + $1.bytes.count })
    for table in tables {
      rowStarts += table.rowStarts.map { $0 + bytes.count }
      cellStarts += table.cellStarts
      bytes += table.bytes
    }
    self.bytes = bytes
    self.rowStarts = rowStarts
    self.cellStarts = cellStarts
    self.parts = parts
    before = TextBefore()
    stream = nil
    places = []
    windows = nil
    typed = nil
    rowCount = rowStarts.count
    columnIndexes = positions(columnNames)
  }

  /// The same rows; of a text windows that need no character behind them, the last one ending with
  /// it.
  var forPrediction: Table {
    windows.map { Table(name: name, windows: $0.endingWithText, bytes: bytes) } ?? self
  }

  /// The same table of a single typed column under another name.
  func renaming(to name: String) -> Table? {
    guard let typed, typed.columns.count == 1, let column = typed.columns.first else { return nil }
    return Table(
      name: self.name, columns: [TypedColumn(name, column.values, classes: column.classes)],
      format: format, text: typed.text, rowStarts: typed.starts)
  }

  /// The position of a column, or nil where there is none of that name.
  package func column(_ name: String) -> Int? { columnIndexes[name] }

  /// The shape of a column's rows; nil where they are single values, or there is no such column.
  func shape(ofColumn name: String) -> Shape? {
    column(name).flatMap { typed?.columns[$0].shape }
  }

  /// The shape of some columns together: that of a tensor alone, else as many numbers as they have.
  func shape(of columns: [String]) -> Shape {
    let shapes = columns.map { shape(ofColumn: $0) }
    if shapes.count == 1, let shape = shapes[0] { return shape }
    return [shapes.reduce(0) { $0 + ($1?.count ?? 1) }]
  }

  /// The classes that a file declares for columns, where they are the same for all of them.
  func classes(of columns: [String]) -> [String]? {
    let classes = columns.map { column($0).flatMap { typed?.columns[$0].classes } }
    guard let first = classes.first, classes.allSatisfy({ $0 == first }) else { return nil }
    return first
  }

  /// A cell as it is written, with its quotes; or the characters of a window.
  private func slice(row: Int, column: Int) -> Range<Int> {
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
    if let typed { return Array(typed.columns[column].text(row: row).utf8) }
    if let stream { return stream.content(row: row, column: column) }
    return unquoted(bytes[slice(row: row, column: column)])
  }

  /// What a cell says; rows count from zero.
  package func text(row: Int, column: Int) -> String {
    String(decoding: content(row: row, column: column), as: UTF8.self)
  }

  /// Where a cell stands in its file; of typed columns the row, or the beginning.
  package func range(row: Int, column: Int) -> SourceRange {
    if !places.isEmpty { return places[row * columnNames.count + column] }
    if let stream { return stream.range(row: row, column: column) }
    let part = part(ofRow: row)
    if let typed {
      return (part?.typed ?? typed).range(row: row - (part?.firstRow ?? 0))
    }
    // Lines count from the beginning of the file that the cell stands in.
    return before.range(slice(row: row, column: column), in: bytes[(part?.firstByte ?? 0)...])
  }
}

private func positions(_ names: [String]) -> [String: Int] {
  Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
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

/// What comes before a stretch of a file.
struct TextBefore: Sendable, Equatable {
  var rows = 0
  var bytes = 0
  var lines = 0

  /// The place in the file of a stretch of the text that comes behind.
  func range<Bytes: RandomAccessCollection<UInt8>>(
    _ slice: Range<Int>, in text: Bytes
  ) -> SourceRange where Bytes.Index == Int {
    let range = textRange(slice, in: text)
    guard self != TextBefore() else { return range }
    func moved(_ place: SourcePosition) -> SourcePosition {
      SourcePosition(
        offset: place.offset + bytes, line: place.line + lines, column: place.column)
    }
    return SourceRange(moved(range.start), moved(range.end))
  }
}

/// The place of a stretch of a text.
///
/// - Complexity: linear in the offset; places are only asked for when something is wrong.
func textRange<Bytes: RandomAccessCollection<UInt8>>(
  _ slice: Range<Int>, in bytes: Bytes
) -> SourceRange where Bytes.Index == Int {
  func position(_ offset: Int) -> SourcePosition {
    let before = bytes[..<offset]
    let lineBreak = UInt8(ascii: "\n")
    let line = before.count { $0 == lineBreak } + 1
    // A byte order mark is no character of the text.
    let first =
      bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(bytes.startIndex + 3, offset) : bytes.startIndex
    let start = before.lastIndex(of: lineBreak).map { $0 + 1 } ?? first
    let column = String(decoding: bytes[start..<offset], as: UTF8.self).count + 1
    return SourcePosition(offset: offset - bytes.startIndex, line: line, column: column)
  }
  return SourceRange(position(slice.lowerBound), position(slice.upperBound))
}
