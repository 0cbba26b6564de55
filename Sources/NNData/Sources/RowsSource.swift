import NNDiagnostics
package import NNModel
package import NNYAML

package struct RowsSource: Source {
  package static let word = "rows"
  package static let summary = """
    Rows written in the model file itself, for small examples. \
    Without names the columns are column_1, column_2, ….
    """
  package static let example = "rows: {values: [[0, 1], [1, 0]], columns: [input, answer]}"
  package static let extensions: [String] = []

  @Field("The rows, each a list of as many values as there are columns.", principal: true)
  package var values: RowValues

  @Field("The names of the columns.")
  package var columns: [Located<String>]? = nil

  package init() {}

  package var files: [Located<String>] { [] }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    guard let first = values.rows.first else { return nil }
    let names: [String]
    if let columns {
      guard hasDistinctNames(columns, &reader) else { return nil }
      names = columns.map(\.value)
    } else {
      names = (1...max(first.cells.count, 1)).map { "column_\($0)" }
    }
    guard hasEvenRows(names.count, &reader) else { return nil }
    return table(names, amount == .header ? [] : values.rows, file: reader.file)
  }

  private func hasDistinctNames(_ columns: [Located<String>], _ reader: inout Reader) -> Bool {
    var seen: Set<String> = []
    var isClean = true
    for name in columns where !seen.insert(name.value).inserted {
      reader.error(
        "duplicate-column-name", "two columns are named '\(name.value)'", at: name.range,
        help: "Rename one.")
      isClean = false
    }
    return isClean
  }

  private func hasEvenRows(_ width: Int, _ reader: inout Reader) -> Bool {
    if let first = columns?.first, let last = columns?.last,
      let count = values.rows.first?.cells.count, count != width,
      values.rows.allSatisfy({ $0.cells.count == count })
    {
      reader.error(
        "uneven-row", "\(width) columns are named, and every row has \(count) values",
        at: SourceRange(first.range.start, last.range.end))
      return false
    }
    var isEven = true
    for (index, row) in values.rows.enumerated() where row.cells.count != width {
      let values = row.cells.count == 1 ? "1 value" : "\(row.cells.count) values"
      let reference = columns == nil ? "the first row has \(width)" : "there are \(width) columns"
      reader.error(
        "uneven-row", "row \(index + 1) has \(values), \(reference)",
        at: row.range)
      isEven = false
    }
    return isEven
  }

  /// Writes the values as a text in memory, so that there is one kind of table.
  private func table(_ names: [String], _ rows: [RowValues.Row], file: String) -> Table {
    var bytes: [UInt8] = []
    var rowStarts: [Int] = []
    var cellStarts: [UInt32] = []
    var places: [SourceRange] = []
    for row in rows {
      let start = bytes.count
      rowStarts.append(start)
      for cell in row.cells {
        cellStarts.append(UInt32(truncatingIfNeeded: bytes.count - start))
        bytes += quotedIfNeeded(cell.value)
        bytes.append(UInt8(ascii: ","))
        places.append(cell.range)
      }
      cellStarts.append(UInt32(truncatingIfNeeded: bytes.count - start))
    }
    return Table(
      name: file, columnNames: names, format: CSVFormat(), bytes: bytes, rowStarts: rowStarts,
      cellStarts: cellStarts, places: places)
  }

  /// Only a quote at the beginning has a meaning to a table; commas have not, since the table
  /// knows where its cells begin.
  private func quotedIfNeeded(_ text: String) -> [UInt8] {
    guard text.hasPrefix("\"") else { return Array(text.utf8) }
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { result.append(byte) }
      result.append(byte)
    }
    return result + [UInt8(ascii: "\"")]
  }
}

/// Rows of values in a model file.
package struct RowValues: FieldValue {
  struct Row: Sendable {
    let cells: [Located<String>]
    let range: SourceRange
  }

  let rows: [Row]

  package static let expectation = "a list of rows such as [[0, 1], [1, 0]]"
  package static func sample(within range: Bounds?) -> String { "[[0, 1], [1, 0]]" }
  package var shownInManual: String { "…" }
  package var written: String {
    // A cell is a text, whatever it looks like: a number is one only in a column of numbers.
    "[" + rows.map(\.cells.written).joined(separator: ", ") + "]"
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> RowValues? {
    guard let nodes = node.sequence, !nodes.isEmpty else {
      return reader.wrongType(node, expectation)
    }
    var rows: [Row] = []
    for row in nodes {
      guard let values = row.sequence, !values.isEmpty else {
        reader.error(
          "wrong-type", "expected a row such as [0, 1], found \(row.described)", at: row.range)
        continue
      }
      let cells = values.compactMap { cell($0, &reader) }
      if cells.count == values.count { rows.append(Row(cells: cells, range: row.range)) }
    }
    return rows.count == nodes.count ? RowValues(rows: rows) : nil
  }

  /// A value as the text it would be in a file.
  private static func cell(_ node: YAMLNode, _ reader: inout Reader) -> Located<String>? {
    guard let scalar = node.scalar else { return reader.wrongType(node, "a number or a text") }
    let text =
      switch scalar.value {
      case .null: ""
      // YAML also writes 0x1F and 0o17, which tables do not.
      case .int(let value) where scalar.text.contains(where: \.isLetter): String(value)
      default: scalar.text
      }
    return Located(text, at: node.range)
  }
}
