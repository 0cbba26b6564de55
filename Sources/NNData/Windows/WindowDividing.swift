// Which windows are for what: rows are given to parts first, and windows lie within the rows of a
// part that follow each other.
import NNDiagnostics
import NNModel

extension DataSpec {
  /// Cuts the tables of all sources into windows for each part, or reports and returns nil.
  func cutWindows(
    _ tables: [WindowedTable], _ windows: WindowSpec,
    _ features: [(reading: FeatureReading, use: WindowUse)], _ modelSeed: UInt64,
    _ reader: inout Reader
  ) -> WindowParts? {
    let format = windows.format
    let firstTarget = features.dropFirst(inputs.count).map(\.use.start).min() ?? format.length
    let cutting = WindowCutting(
      windows: format, lookback: windows.fields.lookback ? firstTarget : 0)
    var result = WindowParts()
    var isComplete = true
    for (place, table) in tables.enumerated() {
      guard checkLengths(table, windows, &reader),
        let parts = partsOfPositions(table, place, windows, modelSeed, &reader)
      else {
        isComplete = false
        continue
      }
      var problems = TableProblems()
      for (index, name) in SplitName.allCases.enumerated() {
        guard parts.contains(Int8(index)) || hasShare(name) else { continue }
        let all = cutting.starts(of: index, parts: parts, table.order)
        let kept = table.complete(all, features, &problems)
        result.droppedWindows += all.count - kept.count
        guard !kept.isEmpty else {
          reportEmpty(name, table, windows, candidates: all.count, &reader)
          isComplete = false
          continue
        }
        result.parts.append(WindowPart(name: name, table: table, starts: kept))
      }
      reader.diagnostics += problems.diagnostics(in: table.table)
      isComplete = isComplete && problems.isEmpty
    }
    return isComplete ? result : nil
  }

  /// Whether a split cuts a share of the rows for a part.
  private func hasShare(_ name: SplitName) -> Bool {
    guard case .one(_, let split?) = origin, split.fields.by == nil else { return false }
    return split.share(name) > 0
  }

  /// Warns of series too short for a window, and reports that there is none long enough.
  private func checkLengths(
    _ table: WindowedTable, _ windows: WindowSpec, _ reader: inout Reader
  ) -> Bool {
    let format = windows.format
    func described(_ series: SeriesOrder.Series) -> String {
      let count = series.positions.count
      return (series.name.map { "'\(shortened($0))' (" } ?? "")
        + "\(count) row\(count == 1 ? "" : "s")" + (series.name == nil ? "" : ")")
    }
    let short = table.order.series.filter { $0.positions.count < format.span }
    let name = table.table.name == reader.file ? "the rows" : "'\(table.table.name)'"
    guard short.count < table.order.series.count else {
      let longest = short.max { $0.positions.count < $1.positions.count }
      reader.error(
        "no-windows",
        "a window is \(format.described) it, \(format.span) in all, and the longest series of "
          + "\(name) is \(longest.map(described) ?? "of no row")",
        at: windows.range, help: "Take a smaller length or horizon.")
      return false
    }
    guard !short.isEmpty else { return true }
    let all = table.order.series.count
    reader.warning(
      "short-series",
      "\(short.count) of \(all) series of \(name) \(short.count == 1 ? "is" : "are") shorter than a "
        + "window of \(format.span) rows and give\(short.count == 1 ? "s" : "") none: "
        + some(short.map(described)),
      at: windows.range, help: "Take a smaller length or horizon, or leave them out of the table.")
    return true
  }

  private func reportEmpty(
    _ name: SplitName, _ table: WindowedTable, _ windows: WindowSpec, candidates: Int,
    _ reader: inout Reader
  ) {
    let format = windows.format
    guard candidates == 0 else {
      reader.error(
        "no-windows",
        "all \(candidates) windows of the \(name.rawValue) part hold missing values and are left out",
        at: windows.range, help: "Fill some in with missing: mean, median or {constant: …}.")
      return
    }
    let split: SplitSpec? = if case .one(_, let split) = origin { split } else { nil }
    var help = (split == nil ? "Take" : "Make its share larger, or take")
    help += " a smaller length or horizon"
    if windows.fields.gap != nil { help += ", or a longer gap" }
    if split != nil, name != .train, !windows.fields.lookback {
      help += ", or say lookback: true, so that inputs may reach back before it"
    }
    reader.error(
      split == nil ? "no-windows" : "empty-split",
      "the \(name.rawValue) part has no windows: nowhere in it do \(format.span) rows of a series "
        + "follow each other",
      at: split?.range ?? windows.range, help: help + ".")
  }

  /// What the row at each position is for, by the places of ``SplitName``.
  private func partsOfPositions(
    _ table: WindowedTable, _ source: Int, _ windows: WindowSpec, _ modelSeed: UInt64,
    _ reader: inout Reader
  ) -> [Int8]? {
    let order = table.order
    func whole(_ name: SplitName) -> [Int8] {
      let place = SplitName.allCases.firstIndex(of: name) ?? 0
      return Array(repeating: Int8(place), count: order.rows.count)
    }
    switch origin {
    case .several(let references): return whole(references[source].0)
    case .one(_, nil): return whole(.train)
    case .one(_, let split?):
      let seed = split.fields.seed.map { UInt64($0) } ?? modelSeed
      guard split.fields.by != nil || split.fields.group != nil else {
        return partsInTime(order, split)
      }
      guard checkGroups(table, split, &reader),
        let divided = divideRows(table.decoded, split, seed, &reader)
      else { return nil }
      var parts = divided
      if let folds = split.fields.folds, let fold = split.fields.fold {
        guard
          let cut = cutFolds(
            parts[0], table.decoded, split, seed: seed, count: folds, fold.value, &reader)
        else { return nil }
        parts[0] = cut.rest
        parts[1] += cut.fold
      }
      var ofRow = [Int8](repeating: -1, count: table.table.rowCount)
      for (place, rows) in parts.enumerated() {
        for row in rows { ofRow[row] = Int8(place) }
      }
      return order.rows.map { ofRow[$0] }
    }
  }

  /// Parts that follow each other: within each series, or, where the split names the time, at the
  /// same moments in all of them.
  private func partsInTime(_ order: SeriesOrder, _ split: SplitSpec) -> [Int8] {
    let splitting = Splitting(
      shares: SplitName.allCases.map(split.share), seed: 0, shuffles: false)
    var parts = [Int8](repeating: 0, count: order.rows.count)
    guard split.fields.time != nil, !order.times.isEmpty else {
      for series in order.series {
        var position = series.positions.lowerBound
        for (place, size) in splitting.sizes(series.positions.count).enumerated() {
          for _ in 0..<size {
            parts[position] = Int8(place)
            position += 1
          }
        }
      }
      return parts
    }
    let moments = order.times.sorted()
    // The first moment of each part; rows of one moment are in one part.
    var ends: [Double] = []
    var end = 0
    for size in splitting.sizes(moments.count).dropLast() {
      end += size
      ends.append(end < moments.count ? moments[end] : .infinity)
    }
    for (position, time) in order.times.enumerated() {
      parts[position] = Int8(ends.count { $0 <= time })
    }
    return parts
  }

  /// Reports a series whose rows are of several groups: its parts would lie in each other.
  private func checkGroups(
    _ table: WindowedTable, _ split: SplitSpec, _ reader: inout Reader
  ) -> Bool {
    guard let group = split.fields.group, let column = table.table.column(group.value) else {
      return true
    }
    for series in table.order.series {
      let rows = series.positions.map { table.order.rows[$0] }
      guard let first = rows.first else { continue }
      let word = table.table.text(row: first, column: column)
      guard let other = rows.first(where: { table.table.text(row: $0, column: column) != word })
      else { continue }
      reader.error(
        "conflicting-fields",
        "'group' keeps whole series together, and the rows of "
          + (series.name.map { "'\(shortened($0))'" } ?? "the series")
          + " are of '\(shortened(word))' and "
          + "'\(shortened(table.table.text(row: other, column: column)))'",
        at: group.range,
        help: "Group by the column that tells the series apart, or name one in windows: series:.")
      return false
    }
    return true
  }
}
