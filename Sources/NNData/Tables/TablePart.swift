import NNDiagnostics

/// A file of several that are one table, row after row.
struct TablePart: Sendable {
  /// The file, as findings call it.
  let name: String
  /// How many rows stand before its first.
  let firstRow: Int
  /// How many bytes of cells stand before its first.
  let firstByte: Int
  /// Where the rows of typed columns stand in it.
  let typed: TypedRows?
}

extension Table {
  /// The file that a row stands in; nil where there is one file.
  func part(ofRow row: Int) -> TablePart? { parts.last { $0.firstRow <= row } }

  /// The file that a row stands in, as findings call it.
  func file(ofRow row: Int) -> String {
    stream?.file(ofRow: row) ?? part(ofRow: row)?.name ?? name
  }

  /// How messages call a row: by its number in its own file, from one.
  func rowName(_ row: Int) -> String {
    "row \((stream?.rowInFile(row) ?? row - (part(ofRow: row)?.firstRow ?? 0)) + before.rows + 1)"
  }

  /// Tables of the same columns as one, or why they are none.
  ///
  /// - Parameters:
  ///   - tables: at least one, in their order.
  ///   - name: what the one is called.
  /// - Returns: the table, or what is wrong.
  static func joined(_ tables: [Table], name: String) -> (Table?, [Diagnostic]) {
    guard let first = tables.first else { return (nil, []) }
    let names = Set(first.columnNames)
    let others = tables.filter { table in
      first.typed == nil
        ? table.columnNames != first.columnNames : Set(table.columnNames) != names
    }
    guard others.isEmpty else {
      return (
        nil,
        others.map { other in
          Diagnostic(
            "uneven-columns",
            "'\(other.name)' has the columns \(some(other.columnNames)), where '\(first.name)' has "
              + "\(some(first.columnNames))",
            file: other.name, at: .beginning, help: "Files of one table have the same columns.")
        }
      )
    }
    var parts: [TablePart] = []
    var row = 0
    var byte = 0
    for table in tables {
      let typed = table.typed.map { TypedRows(columns: [], text: $0.text, starts: $0.starts) }
      parts.append(TablePart(name: table.name, firstRow: row, firstByte: byte, typed: typed))
      row += table.rowCount
      byte += table.bytes.count
    }
    guard first.typed != nil else {
      return (Table(name: name, cellsOf: tables, parts: parts), [])
    }
    return joinedTyped(tables, name: name, parts)
  }

  private static func joinedTyped(
    _ tables: [Table], name: String, _ parts: [TablePart]
  ) -> (Table?, [Diagnostic]) {
    var columns: [TypedColumn] = []
    var findings: [Diagnostic] = []
    for column in tables[0].columnNames {
      let pieces = tables.compactMap { table in
        table.column(column).flatMap { table.typed?.columns[$0] }
      }
      var joining = JoinedColumn(column)
      for (piece, part) in zip(pieces, parts) {
        guard let problem = joining.append(piece) else { continue }
        findings.append(
          Diagnostic(
            "mixed-values", "in '\(part.name)' the column '\(column)' \(problem)", file: part.name,
            at: .beginning, help: "All values of a column are of one kind."))
      }
      columns.append(joining.column)
    }
    guard findings.isEmpty else { return (nil, findings) }
    return (Table(name: name, columns: columns, format: tables[0].format, parts: parts), [])
  }
}
