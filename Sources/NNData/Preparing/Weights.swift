extension FittedFeature {
  /// Reports weights below zero.
  func checkWeights(
    _ raw: RawFeature, _ rows: [Int], of table: Table, _ problems: inout TableProblems
  ) {
    guard case .numbers(let values) = raw.values, let column = raw.columns.first else { return }
    var found = TableProblems()
    for row in rows where values[row] < 0 {
      found.add(
        "negative-weight", at: .cell(row: row, column: column),
        "\(table.rowName(row)), column '\(table.columnNames[column])': the weight "
          + "\(shortened(trimmed(table.content(row: row, column: column)))) is below zero",
        help: "A row that should not count has the weight 0.")
    }
    problems.add(found)
  }
}
