import NNTensor

/// What is known of one column of numbers; missing values do not count.
package struct ColumnStatistics: Sendable, Equatable {
  package let count: Int
  package let mean: Double
  /// The population's: the squares are divided by n.
  package let deviation: Double
  package let minimum: Double
  package let maximum: Double
}

/// A sum that keeps what rounding takes away (Neumaier, 1974), so that statistics do not suffer
/// from a million rows or from large offsets.
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  mutating func add(_ value: Double) {
    let next = sum + value
    lost += abs(sum) >= abs(value) ? (sum - next) + value : (value - next) + sum
    sum = next
  }

  var value: Double { sum + lost }
}

/// Rows of numbers, NaN where missing.
protocol NumberRows {
  var width: Int { get }
  /// Calls with the numbers of a row.
  func withRow(_ row: Int, _ body: (UnsafeBufferPointer<Double>) -> Void)
  /// One number.
  func number(_ row: Int, _ column: Int) -> Double
}

/// Numbers that lie side by side, row by row.
struct DenseNumbers: NumberRows {
  let values: [Double]
  let width: Int

  func withRow(_ row: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    values.withUnsafeBufferPointer { body(.init(rebasing: $0[row * width..<(row + 1) * width])) }
  }

  func number(_ row: Int, _ column: Int) -> Double { values[row * width + column] }
}

/// Numbers that are made when asked for; of a row that cannot be made none is there, for whoever
/// prepares it says why.
struct TensorNumbers: NumberRows {
  let tensors: any TensorColumn
  let width: Int

  init(_ tensors: any TensorColumn) {
    self.tensors = tensors
    width = tensors.shape.count
  }

  func withRow(_ row: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { numbers in
      numbers.initialize(repeating: 0)
      do throws(RowProblem) {
        try tensors.read(row, into: numbers)
      } catch {
        numbers.update(repeating: .nan)
      }
      body(UnsafeBufferPointer(numbers))
    }
  }

  func number(_ row: Int, _ column: Int) -> Double {
    do throws(RowProblem) {
      return try tensors.number(row, element: column)
    } catch {
      return .nan
    }
  }
}

/// The statistics of each column of some rows; `values` are row major, `width` numbers a row, NaN
/// where missing.
func columnStatistics(_ values: [Double], width: Int, rows: [Int]) -> [ColumnStatistics] {
  columnStatistics(DenseNumbers(values: values, width: width), rows: rows)
}

/// The statistics of each column of some rows.
func columnStatistics(_ values: some NumberRows, rows: [Int]) -> [ColumnStatistics] {
  let width = values.width
  var counts = [Int](repeating: 0, count: width)
  var sums = [CompensatedSum](repeating: CompensatedSum(), count: width)
  var minima = [Double](repeating: .infinity, count: width)
  var maxima = [Double](repeating: -.infinity, count: width)
  for row in rows {
    values.withRow(row) { numbers in
      for column in 0..<width {
        let value = numbers[column]
        guard !value.isNaN else { continue }
        counts[column] += 1
        sums[column].add(value)
        minima[column] = min(minima[column], value)
        maxima[column] = max(maxima[column], value)
      }
    }
  }
  let means = (0..<width).map { column in
    // The mean of a constant column is that constant, whatever a division would round to.
    minima[column] == maxima[column]
      ? minima[column] : sums[column].value / Double(max(counts[column], 1))
  }
  // A second pass around the mean does not cancel as Σx² − n·mean² does.
  var squares = [CompensatedSum](repeating: CompensatedSum(), count: width)
  for row in rows {
    values.withRow(row) { numbers in
      for column in 0..<width {
        let distance = numbers[column] - means[column]
        if !distance.isNaN { squares[column].add(distance * distance) }
      }
    }
  }
  return (0..<width).map { column in
    let isEmpty = counts[column] == 0
    return ColumnStatistics(
      count: counts[column], mean: isEmpty ? 0 : means[column],
      deviation: (squares[column].value / Double(max(counts[column], 1))).squareRoot(),
      minimum: isEmpty ? 0 : minima[column], maximum: isEmpty ? 0 : maxima[column])
  }
}

/// The most frequent number of a column over some rows, of several the smallest, or nil where all
/// are missing.
func mode(_ values: some NumberRows, column: Int, rows: [Int]) -> Double? {
  let sorted = rows.map { values.number($0, column) }.filter { !$0.isNaN }.sorted()
  var best: (value: Double, count: Int)?
  var from = 0
  for place in sorted.indices where place + 1 == sorted.count || sorted[place + 1] != sorted[place]
  {
    let count = place + 1 - from
    if count > best?.count ?? 0 { best = (sorted[place], count) }
    from = place + 1
  }
  return best?.value
}

/// The median of a column over some rows, or nil where all are missing: of an even number, the
/// mean of the middle two.
func median(_ values: some NumberRows, column: Int, rows: [Int]) -> Double? {
  let sorted = rows.map { values.number($0, column) }.filter { !$0.isNaN }.sorted()
  guard !sorted.isEmpty else { return nil }
  let middle = sorted.count / 2
  return sorted.count.isMultiple(of: 2)
    ? sorted[middle - 1] + (sorted[middle] - sorted[middle - 1]) / 2 : sorted[middle]
}
