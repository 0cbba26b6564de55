/// The positions that some windows take of a feature, each once.
struct UsedPositions {
  /// Ascending.
  let positions: [Int]
  /// For each position its place among those used; below zero where it is not.
  let places: [Int32]

  /// - Parameters:
  ///   - starts: where the windows begin.
  ///   - rows: which rows they take, counted from their beginnings.
  ///   - count: how many positions there are.
  init(_ starts: [Int], _ rows: [Range<Int>], count: Int) {
    // What begins to be used less what ends; the sum so far tells how often.
    var change = [Int32](repeating: 0, count: count + 1)
    for start in starts {
      for range in rows {
        change[start + range.lowerBound] += 1
        change[start + range.upperBound] -= 1
      }
    }
    var positions: [Int] = []
    var places = [Int32](repeating: -1, count: count)
    var uses: Int32 = 0
    for position in 0..<count {
      uses += change[position]
      guard uses > 0 else { continue }
      places[position] = Int32(truncatingIfNeeded: positions.count)
      positions.append(position)
    }
    self.positions = positions
    self.places = places
  }

  /// Puts what is known of each used position together to windows, row by row.
  ///
  /// - values: of the used positions, `width` each.
  /// - use: which rows are wanted, all of them used.
  ///
  /// - Returns: [windows, rows of each, width]
  func gather<Value>(
    _ values: [Value], width: Int, _ starts: [Int], _ use: WindowUse
  ) -> [Value] {
    var result: [Value] = []
    result.reserveCapacity(starts.count * use.count * width)
    for start in starts {
      // Neighbouring positions that are all used are neighbours in the list too.
      let first = Int(places[start + use.start]) * width
      result += values[first..<first + use.count * width]
    }
    return result
  }
}
