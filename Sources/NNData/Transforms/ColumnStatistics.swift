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
  var moments = [ColumnMoments](repeating: ColumnMoments(), count: width)
  moments.withUnsafeMutableBufferPointer { moments in
    for row in rows {
      values.withRow(row) { numbers in
        for column in 0..<width { moments[column].add(numbers[column]) }
      }
    }
    for column in 0..<width { moments[column].settleMean() }
    // A second pass around the mean does not cancel as Σx² − n·mean² does.
    for row in rows {
      values.withRow(row) { numbers in
        for column in 0..<width { moments[column].addSquare(numbers[column]) }
      }
    }
  }
  return moments.map(\.statistics)
}

/// What two passes over a column gather.
private struct ColumnMoments {
  private var count = 0
  private var sum = CompensatedSum()
  private var minimum = Double.infinity
  private var maximum = -Double.infinity
  private var mean = 0.0
  private var squares = CompensatedSum()

  @inline(__always)
  mutating func add(_ value: Double) {
    guard !value.isNaN else { return }
    count &+= 1
    sum.add(value)
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// The mean of a constant column is that constant, whatever a division would round to.
  mutating func settleMean() {
    mean = minimum == maximum ? minimum : sum.value / Double(max(count, 1))
  }

  @inline(__always)
  mutating func addSquare(_ value: Double) {
    let distance = value - mean
    if !distance.isNaN { squares.add(distance * distance) }
  }

  var statistics: ColumnStatistics {
    let isEmpty = count == 0
    return ColumnStatistics(
      count: count, mean: isEmpty ? 0 : mean,
      deviation: (squares.value / Double(max(count, 1))).squareRoot(),
      minimum: isEmpty ? 0 : minimum, maximum: isEmpty ? 0 : maximum)
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
