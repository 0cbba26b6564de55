/// Arrays of a file by their names, of which some or all become columns.
struct NamedArrays<Array> {
  /// In the order of the file.
  let all: [(name: String, array: Array)]

  /// The arrays that become columns.
  ///
  /// - arrays: for each column its array; nil of all under their own names.
  func chosen(
    by arrays: [(column: String, array: String)]?
  ) throws(FormatProblem) -> [(column: String, array: Array)] {
    guard !all.isEmpty else { throw .noRows("it holds no array") }
    guard Set(all.map(\.name)).count == all.count else {
      throw .malformed("two of its arrays have the same name")
    }
    guard let arrays else { return all.map { (column: $0.name, array: $0.array) } }
    var chosen: [(column: String, array: Array)] = []
    for (column, name) in arrays {
      // New data may have the arrays under the names of the columns.
      let found = all.first { $0.name == name } ?? all.first { $0.name == column }
      guard let found else {
        throw .unsupported(
          "it has no array '\(shortened(name))'", help: "It has \(some(all.map(\.name))).")
      }
      chosen.append((column, found.array))
    }
    return chosen
  }
}

/// Checks that arrays have the same rows; those of an array without axes are nil.
func checkEvenRows(_ arrays: [(column: String, rows: Int?)]) throws(FormatProblem) {
  let help = "Name the arrays that belong together: arrays: {pixels: x_train, label: y_train}."
  for (column, rows) in arrays {
    guard let rows else {
      throw .unsupported(
        "its array '\(shortened(column))' is a single value, which has no rows", help: help)
    }
    if let first = arrays.first, let expected = first.rows, expected != rows {
      throw .unsupported(
        "its array '\(shortened(column))' has \(rows) rows, '\(shortened(first.column))' has "
          + "\(expected)", help: help)
    }
  }
}

extension [(column: String, array: String)] {
  /// What a source says of its arrays.
  init(_ texts: NamedTexts) {
    self = texts.entries.map { (column: $0.name ?? $0.text.value, array: $0.text.value) }
  }
}
