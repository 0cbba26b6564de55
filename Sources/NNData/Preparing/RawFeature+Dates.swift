extension RawFeature {
  /// The numbers that dates give, reporting what is no date; of a feature decoded as words.
  func dates(
    _ reading: DateReading, in table: Table, _ problems: inout TableProblems
  ) -> RawFeature {
    guard case .words(let codes, let distinct) = values else { return self }
    let width = reading.width
    let missingDate = [Double](repeating: .nan, count: width)
    let dates = distinct.map { reading.format.read(trimmed(Array($0.utf8))).map(reading.numbers) }
    var numbers: [Double] = []
    numbers.reserveCapacity(codes.count * width)
    var found = TableProblems()
    for (place, code) in codes.enumerated() {
      guard code >= 0 else {
        numbers += missingDate
        continue
      }
      if let date = dates[Int(code)] {
        numbers += date
      } else {
        numbers += missingDate
        found.addBadDate(
          distinct[Int(code)], row: place / columns.count, column: columns[place % columns.count],
          reading.format, in: table)
      }
    }
    problems.add(found)
    return RawFeature(
      name: name, columns: columns, widths: columns.map { _ in width }, values: .numbers(numbers),
      missing: missing)
  }
}

extension TableProblems {
  /// Reports a text that is no date.
  fileprivate mutating func addBadDate(
    _ word: String, row: Int, column: Int, _ format: DateFormat, in table: Table
  ) {
    add(
      "bad-date", at: .cell(row: row, column: column),
      "\(table.rowName(row)), column '\(table.columnNames[column])': '\(shortened(word))' is no date "
        + (format == .iso ? "such as 2024-12-31 or 2024-12-31T23:59:59" : "of '\(format.text)'"),
      help: format == .iso
        ? "Say how dates are written, such as format: '%d.%m.%Y'." : "Mend the cell or the format.")
  }
}
