/// Which windows hold a value that is not there.
struct WindowGaps {
  /// For each position how many before it lack a value of a feature.
  private let before: [Int]
  private let use: WindowUse

  /// - raw: of a feature whose missing values nothing stands for.
  init(_ raw: RawFeature, _ use: WindowUse, _ order: SeriesOrder, rowCount: Int) {
    var lacks = [Bool](repeating: false, count: rowCount)
    for cell in raw.missing { lacks[cell.row] = true }
    var before = [0]
    before.reserveCapacity(order.rows.count + 1)
    var count = 0
    for row in order.rows {
      if lacks[row] { count += 1 }
      before.append(count)
    }
    self.before = before
    self.use = use
  }

  /// Whether a window that begins at a position lacks a value that the feature needs.
  func touch(_ start: Int) -> Bool {
    use.rows.contains { before[start + $0.upperBound] > before[start + $0.lowerBound] }
  }
}
