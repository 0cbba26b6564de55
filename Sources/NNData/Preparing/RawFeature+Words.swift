extension RawFeature {
  /// Decodes the cells of columns of words; `classes` are classes even if they look like a missing
  /// value.
  static func words(
    _ name: String, columns: [Int], in table: Table, classes: [String]
  ) -> RawFeature {
    var decoding = WordDecoding(table: table, classes: classes)
    decoding.codes.reserveCapacity(table.rowCount * columns.count)
    let stride = table.columnNames.count + 1
    table.bytes.withUnsafeBytes { bytes in
      var known = CellCodes(bytes)
      for row in 0..<table.rowCount {
        for column in columns {
          let first = row &* stride &+ column
          let start = table.rowStarts[row] &+ Int(table.cellStarts[first])
          let count = Int(table.cellStarts[first + 1] &- table.cellStarts[first]) &- 1
          let code =
            known.code(of: start, count)
            ?? {
              let code = decoding.code(row, column)
              known.add(code, for: start, count)
              return code
            }()
          decoding.codes.append(code)
          if code < 0 { decoding.missing.append((row, column)) }
        }
      }
    }
    return RawFeature(
      name: name, columns: columns, values: .words(decoding.codes, distinct: decoding.distinct),
      missing: decoding.missing)
  }
}

/// What words have been met, and where there was none.
private struct WordDecoding {
  let table: Table
  private let classes: Set<String>
  var codes: [Int32] = []
  var missing: [(row: Int, column: Int)] = []
  private(set) var distinct: [String] = []
  private var known: [String: Int32] = [:]

  init(table: Table, classes: [String]) {
    self.table = table
    self.classes = Set(classes)
  }

  /// The code of a cell's word, a new one if it is new; −1 where it stands for a missing value.
  mutating func code(_ row: Int, _ column: Int) -> Int32 {
    let cell = table.content(row: row, column: column)
    let word = String(decoding: cell, as: UTF8.self)
    if let code = known[word] { return code }
    if isMissing(cell), !classes.contains(word) { return -1 }
    let code = Int32(truncatingIfNeeded: distinct.count)
    known[word] = code
    distinct.append(word)
    return code
  }
}
