package import NNTensor

/// A column whose every row is a tensor of one shape, made when it is asked for: so many numbers of
/// an array, or the pixels of an image.
///
/// Rows are read by several threads at once. A value that is missing is NaN.
package protocol TensorColumn: Sendable {
  var rowCount: Int { get }
  /// The shape of one row; at least one axis, none of size zero.
  var shape: Shape { get }
  /// Whether a float holds every value exactly, so that rows need not be read as doubles.
  var isExactInFloat: Bool { get }
  /// Whether no value can be missing, infinite or beyond a float, as with bytes: then nobody looks.
  var isAlwaysFinite: Bool { get }
  /// Whether a value of a row may be missing, infinite or beyond a float, so that somebody has to look
  /// at each; also where only that would tell.
  func mayBeUnusual(_ row: Int) -> Bool
  /// What stands for white where the rows are images; nil where they do not agree.
  var white: Float? { get }
  /// Fills all of `output`, of `shape.count` numbers, row major.
  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) throws(RowProblem)
  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Double>) throws(RowProblem)
  /// One number of a row; the element is its place in the row.
  func number(_ row: Int, element: Int) throws(RowProblem) -> Double
}

extension TensorColumn {
  package var white: Float? { 1 }
  package func mayBeUnusual(_ row: Int) -> Bool { !isAlwaysFinite }

  /// Through floats, for those whose values are floats.
  package func read(
    _ row: Int, into output: UnsafeMutableBufferPointer<Double>
  ) throws(RowProblem) {
    let floats = UnsafeMutableBufferPointer<Float>.allocate(capacity: output.count)
    defer { floats.deallocate() }
    floats.initialize(repeating: 0)
    try read(row, into: floats)
    for (element, value) in floats.enumerated() { output[element] = Double(value) }
  }

  /// Through its whole row.
  package func number(_ row: Int, element: Int) throws(RowProblem) -> Double {
    let numbers = UnsafeMutableBufferPointer<Double>.allocate(capacity: shape.count)
    defer { numbers.deallocate() }
    numbers.initialize(repeating: 0)
    try read(row, into: numbers)
    return numbers[element]
  }
}

/// Why a row of a column cannot be made: what a finding says behind the row and the column.
package struct RowProblem: Error, Sendable, Equatable {
  package let code: String
  /// Such as `the image ends too early`.
  package let message: String
  package let help: String?

  package init(_ code: String, _ message: String, help: String? = nil) {
    self.code = code
    self.message = message
    self.help = help
  }
}
