package import NNTensor

/// Rows of one shape in the bytes of a file, or in bytes that came out of one, converted when asked
/// for: images of bytes stay bytes.
package struct ArrayColumn: TensorColumn {
  package let rowCount: Int
  package let shape: Shape

  private let bytes: FileBytes
  /// Where the first number stands.
  private let start: Int
  private let element: ElementType
  private let isSwapped: Bool
  /// Bytes from a row to the next.
  private let rowStep: Int
  /// Bytes from one place of each axis of a row to the next, those of the last axis apart.
  private let outerSteps: [Int]
  private let outerSizes: [Int]
  private let innerStep: Int
  private let innerCount: Int

  /// An array that lies in bytes; nil where it does not fit into them.
  ///
  /// - Parameters:
  ///   - bytes: what it lies in.
  ///   - start: where its first number stands.
  ///   - sizes: its axes, rows first.
  ///   - element: what one number is.
  ///   - isBigEndian: whether the most significant byte of each comes first.
  ///   - isFortran: whether neighbours along the first axis lie side by side, instead of those along
  ///     the last.
  init?(
    _ bytes: FileBytes, at start: Int, sizes: [Int], element: ElementType, isBigEndian: Bool,
    isFortran: Bool = false
  ) {
    guard let rows = sizes.first, let total = byteCount(of: sizes, element), start >= 0,
      bytes.count - start >= total
    else { return nil }
    var steps = [Int](repeating: element.byteCount, count: sizes.count)
    let axes = Array(sizes.indices)
    for (axis, inner) in isFortran
      ? Array(zip(axes.dropFirst(), axes)) : zip(axes, axes.dropFirst()).reversed()
    {
      steps[axis] = steps[inner] &* sizes[inner]
    }
    self.bytes = bytes
    self.start = start
    self.element = element
    isSwapped = element.byteCount > 1 && isBigEndian != (Int(bigEndian: 1) == 1)
    rowCount = rows
    shape = Shape(Array(sizes.dropFirst()))
    rowStep = steps.first ?? 0
    if isFortran {
      outerSteps = Array(steps.dropFirst().dropLast())
      outerSizes = Array(sizes.dropFirst().dropLast())
      innerStep = steps.last ?? 0
      innerCount = sizes.count > 1 ? sizes[sizes.count - 1] : 1
    } else {
      // All numbers of a row lie side by side, whatever its axes.
      outerSteps = []
      outerSizes = []
      innerStep = element.byteCount
      innerCount = shape.count
    }
  }

  package var isExactInFloat: Bool { element.isExactInFloat }
  package var isAlwaysFinite: Bool { !element.isFloat }
  package func mayBeUnusual(_ row: Int) -> Bool {
    guard element.isFloat, !isSwapped, outerSizes.isEmpty, innerStep == element.byteCount else {
      return element.isFloat
    }
    return bytes.withBytes { memory in
      guard let base = memory.baseAddress else { return false }
      return !areOrdinary(element, base + start + row * rowStep, innerCount)
    }
  }

  /// What stands for white where the rows are images: the greatest of the bytes or words, else one.
  package var white: Float? {
    switch element {
    case .uint8: 255
    case .uint16: 65_535
    default: 1
    }
  }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) {
    eachRun(row) { numbers, source, from in
      numbers.read(source, into: .init(rebasing: output[from..<from + innerCount]))
    }
  }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Double>) {
    eachRun(row) { numbers, source, from in
      numbers.read(source, into: .init(rebasing: output[from..<from + innerCount]))
    }
  }

  package func number(_ row: Int, element place: Int) -> Double {
    var offset = start + row * rowStep + place % max(innerCount, 1) * innerStep
    var rest = place / max(innerCount, 1)
    for axis in outerSizes.indices.reversed() {
      offset += rest % outerSizes[axis] * outerSteps[axis]
      rest /= outerSizes[axis]
    }
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: 1) { number in
      number.initialize(repeating: 0)
      bytes.withBytes { memory in
        if let base = memory.baseAddress { numbers.read(base + offset, into: number) }
      }
      return number[0]
    }
  }

  /// All numbers as doubles, for an array without axes behind its rows.
  func allNumbers() -> [Double] {
    [Double](unsafeUninitializedCapacity: rowCount) { output, count in
      let rows = StoredNumbers(element: element, isSwapped: isSwapped, step: rowStep)
      bytes.withBytes { memory in
        guard let base = memory.baseAddress else { return }
        output.initialize(repeating: 0)
        rows.read(base + start, into: .init(rebasing: output[..<rowCount]))
        count = rowCount
      }
    }
  }

  private var numbers: StoredNumbers {
    StoredNumbers(element: element, isSwapped: isSwapped, step: innerStep)
  }

  /// Calls with each run of numbers a constant step apart, and its place in the row.
  private func eachRun(_ row: Int, _ body: (StoredNumbers, UnsafeRawPointer, Int) -> Void) {
    let numbers = numbers
    bytes.withBytes { memory in
      guard let base = memory.baseAddress, innerCount > 0 else { return }
      let source = base + start + row * rowStep
      guard !outerSizes.isEmpty else { return body(numbers, source, 0) }
      for run in 0..<shape.count / innerCount {
        var offset = 0
        var rest = run
        for axis in outerSizes.indices.reversed() {
          offset += rest % outerSizes[axis] * outerSteps[axis]
          rest /= outerSizes[axis]
        }
        body(numbers, source + offset, run * innerCount)
      }
    }
  }
}

extension TypedColumn {
  /// A column of an array: of one axis single numbers, of more a tensor in each row.
  init(_ name: String, _ array: ArrayColumn) {
    self.init(name, array.shape.rank == 0 ? .numbers(array.allNumbers()) : .tensors(array))
  }
}

/// How many bytes an array takes; nil where no memory could hold it, or a size is below zero.
func byteCount(of sizes: [Int], _ element: ElementType) -> Int? {
  var count = element.byteCount
  // Axes of size zero must not hide others that are absurd.
  var most = count
  for size in sizes {
    guard size >= 0 else { return nil }
    let (next, overflows) = most.multipliedReportingOverflow(by: max(size, 1))
    guard !overflows, next < 1 << 62 else { return nil }
    most = next
    count *= size
  }
  return count
}
