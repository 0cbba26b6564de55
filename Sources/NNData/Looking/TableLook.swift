import NNDiagnostics
package import NNModel

/// What a table holds of which no model file says anything yet.
package struct TableLook: Sendable {
  package let rows: Int
  package let columns: [ColumnLook]

  /// Looks at a file, whose name tells what it is; nil after reporting.
  ///
  /// - path: relative to the working directory.
  package init?(path: String, _ reader: inout Reader) {
    guard let table = Table.readByExtension(path: path, &reader) else { return nil }
    rows = table.rowCount
    columns = table.columnNames.indices.map { ColumnLook(table, $0, uses: []) }
  }
}
