/// Where windows begin among rows that are in order and each for something.
struct WindowCutting {
  let windows: SeriesWindows
  /// How far windows of a later part may reach back before it: as far as their targets do not.
  let lookback: Int

  /// The positions at which the windows of a part begin, ascending.
  ///
  /// A window lies within rows of one series and one part that follow each other; only looking back
  /// it may begin in the parts before its own, and in none after it.
  ///
  /// - part: the place of the part among those of ``SplitName``.
  /// - parts: what the row at each position is for, by the same places; below zero is for nothing.
  func starts(of part: Int, parts: [Int8], _ order: SeriesOrder) -> [Int] {
    let part = Int8(truncatingIfNeeded: part)
    var starts: [Int] = []
    var first = 0
    while first < parts.count {
      guard parts[first] == part else {
        first += 1
        continue
      }
      var end = first + 1
      while end < parts.count, parts[end] == part, !order.isCut[end] { end += 1 }
      var begin = first
      while first - begin < lookback, begin > 0, !order.isCut[begin],
        (0...part).contains(parts[begin - 1])
      {
        begin -= 1
      }
      var start = begin
      while start <= end - windows.span {
        starts.append(start)
        start += windows.stride
      }
      first = end
    }
    return starts
  }

  /// Where the last window of a series begins: the one behind whose known rows nothing is known but
  /// what the horizon tells beforehand.
  ///
  /// - takesHorizon: whether something is known beforehand, so that the horizon's rows are there.
  /// - Returns: nil where there are too few rows, or a gap among them.
  func last(of series: SeriesOrder.Series, takesHorizon: Bool, _ order: SeriesOrder) -> Int? {
    let start = series.positions.upperBound - (takesHorizon ? windows.span : windows.length)
    guard start >= series.positions.lowerBound else { return nil }
    let inside = start + 1..<series.positions.upperBound
    return inside.contains { order.isCut[$0] } ? nil : start
  }
}
