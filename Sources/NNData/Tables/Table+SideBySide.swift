extension Table {
  /// Tables of one column each as one table, whose columns have these names; nil where one of them has
  /// more columns, or is no table of typed columns, or where they have different numbers of rows.
  package static func sideBySide(_ tables: [(name: String, table: Table)]) -> Table? {
    let named = tables.compactMap { $1.renaming(to: $0) }
    guard let first = named.first, named.count == tables.count,
      named.allSatisfy({ $0.rowCount == first.rowCount })
    else { return nil }
    return Table(
      name: first.name, columns: named.flatMap { $0.typed?.columns ?? [] }, format: first.format)
  }

  /// Whether it is one typed column, as a file of an array is.
  package var isSingleColumn: Bool { typed?.columns.count == 1 }
}
