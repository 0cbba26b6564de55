/// What there is to say of data whose samples are windows.
package struct WindowLook: Sendable, Equatable {
  package let length: Int
  package let horizon: Int
  package let stride: Int
  package let series: [SeriesLook]
  /// How many series are too short for a window.
  package let short: Int
  /// How many windows hold missing values and are left out.
  package let dropped: Int
}

/// A series of rows.
package struct SeriesLook: Sendable, Equatable {
  /// Nil where it is the only one and has no name.
  package let name: String?
  package let rows: Int
  /// The times of the first row and of the last, as they are written; nil where none orders them.
  package let span: [String]?
}

/// What the windows of a part cover.
package struct PartWindows: Sendable, Equatable {
  /// The rows that they hold, each counted once.
  package let rows: Int
  /// The series they are of.
  package let series: Int
  /// The first time and the last of what targets are made of, as they are written.
  package let span: [String]?
}

extension WindowLook {
  init(_ cut: WindowParts, _ windows: SeriesWindows) {
    // Parts of one source share a table; those of several have one each.
    var tables: [String: WindowedTable] = [:]
    var series: [SeriesLook] = []
    for part in cut.parts where tables[part.table.table.name] == nil {
      tables[part.table.table.name] = part.table
      series += part.table.order.series.map { one in
        SeriesLook(
          name: one.name, rows: one.positions.count,
          span: part.table.span(of: one.positions, windows))
      }
    }
    self.init(
      length: windows.length, horizon: windows.horizon, stride: windows.stride, series: series,
      short: series.count { $0.rows < windows.span }, dropped: cut.droppedWindows)
  }
}

extension PartWindows {
  init(_ part: WindowPart, _ windows: SeriesWindows, targets: [WindowUse]) {
    let order = part.table.order
    let covered = UsedPositions(part.starts, [0..<windows.span], count: order.rows.count).positions
    let wanted = UsedPositions(
      part.starts, targets.isEmpty ? [0..<windows.span] : targets.map { $0.start..<$0.end },
      count: order.rows.count
    ).positions
    var span: [String]?
    if !order.times.isEmpty, let first = wanted.min(by: { order.times[$0] < order.times[$1] }),
      let last = wanted.max(by: { order.times[$0] < order.times[$1] })
    {
      span = [first, last].compactMap { part.table.time(at: $0, windows) }
    }
    self.init(
      rows: covered.count,
      series: order.series.count { one in part.starts.contains { one.positions.contains($0) } },
      span: span)
  }
}

extension WindowedTable {
  /// The time at a position, as it is written.
  fileprivate func time(at position: Int, _ windows: SeriesWindows) -> String? {
    guard let column = windows.time.flatMap({ table.column($0) }) else { return nil }
    return shortened(trimmed(table.content(row: order.rows[position], column: column)))
  }

  fileprivate func span(of positions: Range<Int>, _ windows: SeriesWindows) -> [String]? {
    guard let first = positions.first, let last = positions.last,
      let from = time(at: first, windows), let to = time(at: last, windows)
    else { return nil }
    return [from, to]
  }

  /// Steps of the time that are longer than usual, so that rows seem to be missing.
  func unevenTimes(_ windows: SeriesWindows) -> DataConcern? {
    guard let name = windows.time, !order.times.isEmpty else { return nil }
    var steps: [(length: Double, position: Int)] = []
    for one in order.series {
      for position in one.positions.dropFirst() where !order.isCut[position] {
        steps.append((order.times[position] - order.times[position - 1], position))
      }
    }
    let sorted = steps.map(\.length).sorted()
    guard !sorted.isEmpty else { return nil }
    let usual = sorted[sorted.count / 2]
    // Months differ by a tenth, and a shift of the clock is an hour.
    let long = steps.filter { $0.length > 1.5 * usual }
    guard let longest = long.max(by: { $0.length < $1.length }) else { return nil }
    func told(_ step: Double) -> String {
      short(step) + (order.hasDates ? step == 1 ? " day" : " days" : "")
    }
    return DataConcern(
      "uneven-times",
      "\(long.count) of \(steps.count) steps of '\(name)' are longer than the usual "
        + "\(told(usual)): up to \(told(longest.length)), before "
        + "\(table.rowName(order.rows[longest.position]))",
      help: "Windows span them as if nothing were missing; say gap: \(short(1.5 * usual)) in "
        + "windows so that none does, or add rows for what is missing.")
  }
}

/// A number with at most three digits behind the point.
private func short(_ value: Double) -> String {
  let rounded = (value * 1000).rounded() / 1000
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? String(Int(rounded)) : "\(rounded)"
}
