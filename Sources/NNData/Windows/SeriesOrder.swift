import NNDiagnostics

/// The rows of a table as series: one behind the other, each in the order of its time.
///
/// A place in this order is a *position*; windows are stretches of positions.
struct SeriesOrder: Sendable {
  struct Series: Sendable {
    /// Nil where there is one and it has no name.
    let name: String?
    let positions: Range<Int>
  }

  /// The row at each position.
  let rows: [Int]
  /// In the order in which they are first met.
  let series: [Series]
  /// The time at each position, in days of dates; empty where rows stand in their order.
  let times: [Double]
  let hasDates: Bool
  /// Whether no window may span a position and the one before it.
  let isCut: [Bool]

  /// - groups: of each series its rows, in the order of the table.
  /// - times: of each row; empty where rows stand in their order.
  /// - gap: the longest step of the time within a window.
  init(
    groups: [(name: String?, rows: [Int])], times: [Double], hasDates: Bool = false, gap: Double?
  ) {
    self.hasDates = hasDates
    var rows: [Int] = []
    var series: [Series] = []
    for group in groups {
      let first = rows.count
      rows +=
        times.isEmpty
        ? group.rows
        : group.rows.sorted { times[$0] == times[$1] ? $0 < $1 : times[$0] < times[$1] }
      series.append(Series(name: group.name, positions: first..<rows.count))
    }
    let ordered = times.isEmpty ? [] : rows.map { times[$0] }
    var isCut = [Bool](repeating: false, count: rows.count)
    for one in series {
      guard let first = one.positions.first else { continue }
      isCut[first] = true
      guard let gap, !ordered.isEmpty else { continue }
      for position in one.positions.dropFirst() {
        isCut[position] = ordered[position] - ordered[position - 1] > gap
      }
    }
    self.rows = rows
    self.series = series
    self.times = ordered
    self.isCut = isCut
  }

  /// The name of the series that a position belongs to.
  func series(at position: Int) -> Series? {
    var (low, high) = (0, series.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if series[middle].positions.lowerBound <= position { low = middle } else { high = middle }
    }
    return low < series.count ? series[low] : nil
  }
}

extension SeriesOrder {
  /// Reads the order of a table's rows, reporting rows that have no place in it.
  ///
  /// - Returns: what there is; the problems say whether that is all.
  init(_ table: Table, _ windows: SeriesWindows, _ problems: inout TableProblems) {
    let groups = SeriesOrder.groups(table, windows.series, &problems)
    let (times, hasDates) = SeriesOrder.times(table, windows.time, &problems)
    self.init(groups: groups, times: times, hasDates: hasDates, gap: windows.gap)
    if problems.isEmpty, let name = windows.time, let column = table.column(name) {
      reportRepeated(table, column, &problems)
    }
  }

  private static func groups(
    _ table: Table, _ name: String?, _ problems: inout TableProblems
  ) -> [(name: String?, rows: [Int])] {
    guard let column = name.flatMap({ table.column($0) }) else {
      return [(nil, Array(0..<table.rowCount))]
    }
    var places: [String: Int] = [:]
    var groups: [(name: String?, rows: [Int])] = []
    for row in 0..<table.rowCount {
      let text = table.text(row: row, column: column)
      if isMissing(trimmed(Array(text.utf8))) {
        problems.addMissingPlace(row, column, "its series", in: table)
      } else if let place = places[text] {
        groups[place].rows.append(row)
      } else {
        places[text] = groups.count
        groups.append((text, [row]))
      }
    }
    return groups
  }

  private static func times(
    _ table: Table, _ name: String?, _ problems: inout TableProblems
  ) -> (times: [Double], hasDates: Bool) {
    guard let column = name.flatMap({ table.column($0) }) else { return ([], false) }
    // What the first row has, the others must have too.
    var areNumbers: Bool?
    let times = (0..<table.rowCount).map { row -> Double in
      let text = table.text(row: row, column: column)
      let bytes = trimmed(Array(text.utf8))
      if isMissing(bytes) {
        problems.addMissingPlace(row, column, "its time", in: table)
        return 0
      }
      let number = decimal(bytes)
      let date = number == nil ? DateFormat.iso.read(bytes) : nil
      if areNumbers == nil, number != nil || date != nil { areNumbers = number != nil }
      if let number, areNumbers == true { return number }
      if let date, areNumbers == false { return date.seconds / 86_400 }
      let expected =
        areNumbers.map { $0 ? "no number, as the first row has it" : "no date such as 2024-12-31" }
        ?? "neither a number nor a time such as 2024-12-31 23:59:59"
      problems.add(
        "bad-date", at: .cell(row: row, column: column),
        "\(table.rowName(row)), column '\(table.columnNames[column])': '\(shortened(text))' is "
          + expected)
      return 0
    }
    return (times, areNumbers == false)
  }

  private func reportRepeated(_ table: Table, _ column: Int, _ problems: inout TableProblems) {
    for one in series {
      for position in one.positions.dropFirst() where times[position] == times[position - 1] {
        let owner = one.name.map { " of '\(shortened($0))'" } ?? ""
        let (row, other) = (rows[position], rows[position - 1])
        problems.add(
          "repeated-time", at: .cell(row: row, column: column),
          "\(table.rowName(row)), column '\(table.columnNames[column])': the time "
            + "\(shortened(trimmed(table.content(row: row, column: column))))\(owner) is that of "
            + "\(table.rowName(other)) too",
          help: one.name == nil
            ? "If the table holds several series, say which column tells them apart: series:."
            : "A series has one row at a time; take one of them out.")
      }
    }
  }
}

extension TableProblems {
  fileprivate mutating func addMissingPlace(
    _ row: Int, _ column: Int, _ what: String, in table: Table
  ) {
    add(
      "missing-value", at: .cell(row: row, column: column),
      "\(table.rowName(row)), column '\(table.columnNames[column])' has no value, and says \(what)",
      help: "Fill it in, or take the row out: windows are made of it.")
  }
}
