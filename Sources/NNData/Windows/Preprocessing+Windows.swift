import NNDiagnostics
import NNTensor

extension Preprocessing {
  /// Whether so many windows take more than so many bytes of memory.
  func areTooLarge(windows count: Int, bytes: Int) -> Bool {
    let each = features.reduce(0) { $0 + $1.shape.count }
    let (numbers, overflows) = count.multipliedReportingOverflow(by: max(each, 1))
    return overflows || numbers > bytes / 4
  }

  /// Prepares a new table as windows: all of them where targets are wanted, else of each series the
  /// last, behind which nothing has to be known.
  func prepareWindows(
    _ table: Table, _ windows: SeriesWindows, needTargets: Bool
  ) -> (PreparedTable?, [Diagnostic]) {
    // What a prediction is told from is in the table; the rest of the target need not be.
    let features = needTargets ? self.features : inputs + relativeTargets
    let lacking = table.lacks(features.map(\.wanted) + windows.wanted)
    guard lacking.isEmpty else { return (nil, lacking) }
    var problems = TableProblems()
    let decoded = DecodedTable(table, features.map(\.reading), ofWindows: true, &problems)
    var places = TableProblems()
    let ordered = WindowedTable(
      decoded: decoded, order: SeriesOrder(table, windows, &places))
    problems.add(places)
    guard problems.isEmpty else { return (nil, problems.diagnostics(in: table)) }
    let readings = features.enumerated().map { place, feature in
      // Of targets nobody knows, only what they are told from must be there.
      var found = feature.windowReading
      if !needTargets, place >= inputs.count {
        found.use = WindowUse(start: found.use.reference, count: 1, length: found.use.length)
      }
      return found
    }
    let candidates = candidates(ordered, windows, needTargets: needTargets)
    let kept = ordered.complete(candidates.starts, readings, &problems)
    guard problems.isEmpty else { return (nil, problems.diagnostics(in: table)) }
    guard !kept.isEmpty else {
      return (nil, [noWindows(ordered, windows, candidates.starts.count)])
    }
    guard !areTooLarge(windows: kept.count, bytes: MemoryBudget.standard) else {
      let finding = Diagnostic(
        "out-of-range",
        "\(kept.count) windows of \(windows.length) rows are more than fit into memory",
        file: table.name, at: .beginning, help: "Take a part of the table at a time.")
      return (nil, [finding])
    }
    let samples = samples(
      ordered, starts: kept, needTargets: needTargets, for: .new, fixed: [], &problems)
    guard problems.isEmpty else { return (nil, problems.diagnostics(in: table)) }
    var notes: [String] = []
    if !candidates.without.isEmpty {
      notes.append(
        "\(candidates.without.count) series with too few rows that follow each other "
          + "\(candidates.without.count == 1 ? "was" : "were") left out: "
          + some(candidates.without.map { shortened($0) }))
    }
    let dropped = candidates.starts.count - kept.count
    if dropped > 0 {
      notes.append("\(dropped) window\(dropped == 1 ? "" : "s") with missing values left out")
    }
    let series = windows.series.map { name in
      (column: name, names: kept.map { ordered.order.series(at: $0)?.name ?? "" })
    }
    return (
      PreparedTable(
        samples: samples, rowNumbers: kept.map { ordered.order.rows[$0] + 1 }, droppedRows: 0,
        series: series, notes: notes),
      []
    )
  }

  private var relativeTargets: [FittedFeature] { targets.filter { $0.window?.isRelative == true } }

  /// Where the windows of a new table begin, and the series that have none.
  private func candidates(
    _ table: WindowedTable, _ windows: SeriesWindows, needTargets: Bool
  ) -> (starts: [Int], without: [String]) {
    let order = table.order
    let cutting = WindowCutting(windows: windows, lookback: 0)
    let all =
      needTargets
      ? cutting.starts(of: 0, parts: Array(repeating: 0, count: order.rows.count), order) : []
    let takesHorizon = inputs.contains { ($0.window?.end ?? 0) > windows.length }
    var starts = all
    var without: [String] = []
    for series in order.series {
      if needTargets {
        let hasOne = all.contains { series.positions.contains($0) }
        if !hasOne { without.append(series.name ?? "") }
      } else if let start = cutting.last(of: series, takesHorizon: takesHorizon, order) {
        starts.append(start)
      } else {
        without.append(series.name ?? "")
      }
    }
    return (starts, without)
  }

  private func noWindows(
    _ table: WindowedTable, _ windows: SeriesWindows, _ candidates: Int
  ) -> Diagnostic {
    let name = table.table.name
    guard candidates == 0 else {
      return Diagnostic(
        "no-windows", "every window of '\(name)' holds missing values and is left out", file: name,
        at: .beginning, help: "Fill them in.")
    }
    return Diagnostic(
      "no-windows",
      "no series of '\(name)' has the rows of a window, \(windows.described) it, that follow each "
        + "other",
      file: name, at: .beginning,
      help: "To predict it takes the last \(windows.length) rows of a series, and those of the "
        + "horizon where an input says over: horizon.")
  }

  /// Prepares windows of a table, whose features are the inputs and then the targets, or those that
  /// are told from the last row.
  func samples(
    _ table: WindowedTable, starts: [Int], needTargets: Bool, for part: PreparedPart,
    fixed: Set<String>, _ problems: inout TableProblems
  ) -> Samples {
    var arrays: [FeatureArray] = []
    var references: [String: [Double]] = [:]
    let features = needTargets ? self.features : inputs + relativeTargets
    for (place, (feature, raw)) in zip(features, table.decoded.features).enumerated() {
      if !needTargets, place >= inputs.count {
        references[feature.name] = feature.references(
          raw, windows: starts, table.order, of: table.table, &problems)
        continue
      }
      let (array, own) = feature.apply(
        raw, windows: starts, table.order, of: table.table, for: part,
        hasFixedClasses: fixed.contains(feature.name), &problems)
      arrays.append(array)
      if place >= inputs.count, !own.isEmpty { references[feature.name] = own }
    }
    return Samples(
      count: starts.count, inputs: Array(arrays.prefix(inputs.count)),
      targets: Array(arrays.dropFirst(inputs.count)), references: references)
  }
}
