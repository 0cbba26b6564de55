import NNDiagnostics
import NNModel

/// A decoded table whose rows are in the order of windows.
struct WindowedTable: Sendable {
  let decoded: DecodedTable
  let order: SeriesOrder

  var table: Table { decoded.table }

  /// Takes out the windows that hold missing values of features that say drop, and reports those of
  /// features that say they are errors.
  ///
  /// - starts: where windows begin.
  /// - features: of each feature how it is read and which rows it takes, as in the table.
  ///
  /// - Returns: the windows that stay.
  func complete(
    _ starts: [Int], _ features: [(reading: FeatureReading, use: WindowUse)],
    _ problems: inout TableProblems
  ) -> [Int] {
    var kept = starts
    for (raw, feature) in zip(decoded.features, features)
    where feature.reading.missing == .drop && !raw.missing.isEmpty {
      let gaps = WindowGaps(raw, feature.use, order, rowCount: table.rowCount)
      kept.removeAll { gaps.touch($0) }
    }
    for (raw, feature) in zip(decoded.features, features) where !raw.missing.isEmpty {
      guard feature.reading.missing == .error else { continue }
      let used = UsedPositions(kept, feature.use.rows, count: order.rows.count)
      var isUsed = [Bool](repeating: false, count: table.rowCount)
      for position in used.positions { isUsed[order.rows[position]] = true }
      problems.addMissing(raw, feature.reading, in: table) { isUsed[$0] }
    }
    return kept
  }

  /// The rows that some windows cover, with their horizon, ascending.
  func rows(of starts: [Int], _ windows: SeriesWindows) -> [Int] {
    UsedPositions(starts, [0..<windows.span], count: order.rows.count).positions
      .map { order.rows[$0] }.sorted()
  }
}

/// Windows of a table and what they are for.
struct WindowPart: Sendable {
  let name: SplitName
  let table: WindowedTable
  /// The positions at which they begin, ascending.
  let starts: [Int]
}

/// The parts of data, and what was left out.
struct WindowParts: Sendable {
  var parts: [WindowPart] = []
  /// How many windows hold missing values of features that say drop.
  var droppedWindows = 0
}

extension SeriesWindows {
  /// In words: `52 rows with 4 behind them`.
  var described: String { "\(length) row\(length == 1 ? "" : "s") with \(horizon) behind" }
}
