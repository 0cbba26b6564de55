package import NNTensor

/// Rows of one shape whose numbers had to be made, such as those that were read as decimals.
package struct NumbersColumn: TensorColumn {
  package let shape: Shape
  /// Row major.
  private let values: [Double]
  package let isAlwaysFinite: Bool

  init(_ values: [Double], shape: Shape) {
    self.values = values
    self.shape = shape
    isAlwaysFinite = values.allSatisfy { abs($0) <= Double(Float.greatestFiniteMagnitude) }
  }

  package var rowCount: Int { values.count / max(shape.count, 1) }
  package var isExactInFloat: Bool { false }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) {
    let from = row * shape.count
    for element in 0..<shape.count { output[element] = Float(values[from + element]) }
  }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Double>) {
    let from = row * shape.count
    for element in 0..<shape.count { output[element] = values[from + element] }
  }

  package func number(_ row: Int, element: Int) -> Double { values[row * shape.count + element] }
}
