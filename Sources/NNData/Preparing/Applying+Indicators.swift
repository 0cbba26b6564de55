extension FittedFeature {
  /// Puts behind the numbers of each row, for each of them, 1 where it was missing and else 0.
  ///
  /// - numbers: [rows, width], filled and scaled; values: of all rows of the table, NaN where missing.
  func withIndicators(
    _ numbers: [Float], _ values: [Double], _ width: Int, _ rows: [Int]
  ) -> [Float] {
    var result: [Float] = []
    result.reserveCapacity(2 * numbers.count)
    for (place, row) in rows.enumerated() {
      result += numbers[place * width..<(place + 1) * width]
      result += values[row * width..<(row + 1) * width].map { $0.isNaN ? 1 : 0 }
    }
    return result
  }
}
