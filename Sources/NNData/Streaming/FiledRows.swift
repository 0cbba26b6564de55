// Rows of numbers or of words' codes in a file, for whoever looks at them one after the other.

/// Rows of as many elements each, row by row in a scratch file.
struct FiledRows<Element: BitwiseCopyable & Sendable>: Sendable {
  let file: ScratchFile
  /// Elements of a row.
  let width: Int
  private(set) var rowCount = 0

  init(width: Int, in folder: CacheFolder) throws(StorageProblem) {
    file = try ScratchFile(in: folder)
    self.width = width
  }

  /// - elements: whole rows.
  mutating func append(_ elements: [Element]) throws(StorageProblem) {
    try file.append(elements)
    rowCount += width == 0 ? 0 : elements.count / width
  }

  /// Rows one behind the other.
  func read(_ rows: Range<Int>) throws(StorageProblem) -> [Element] {
    let size = MemoryLayout<Element>.stride
    var failure: StorageProblem?
    let elements = [Element](unsafeUninitializedCapacity: rows.count * width) { buffer, count in
      do throws(StorageProblem) {
        try file.read(UnsafeMutableRawBufferPointer(buffer), at: rows.lowerBound * width * size)
        count = buffer.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return elements
  }
}

/// The numbers of rows in a file, read in blocks, for one thread that asks for rows mostly in their
/// order.
///
/// What cannot be read is missing, and told in ``problem``.
final class FiledNumbers: NumberRows {
  private let rows: FiledRows<Double>
  private var block: [Double] = []
  private var first = 0
  private(set) var problem: StorageProblem?

  /// A megabyte or so.
  private static let blockNumbers = 1 << 17

  init(_ rows: FiledRows<Double>) { self.rows = rows }

  var width: Int { rows.width }

  private func load(_ row: Int) {
    let count = max(FiledNumbers.blockNumbers / max(width, 1), 1)
    guard row < first || (row + 1 - first) * width > block.count else { return }
    first = row / count * count
    do throws(StorageProblem) {
      block = try rows.read(first..<min(first + count, rows.rowCount))
    } catch {
      problem = error
      block = Array(repeating: .nan, count: count * width)
    }
  }

  func withRow(_ row: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    load(row)
    let from = (row - first) * width
    block.withUnsafeBufferPointer { body(.init(rebasing: $0[from..<from + width])) }
  }

  func number(_ row: Int, _ column: Int) -> Double {
    load(row)
    return block[(row - first) * width + column]
  }
}
