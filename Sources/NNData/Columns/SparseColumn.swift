package import NNTensor

/// Rows of mostly zeros, of which only the others are kept.
package struct SparseColumn: TensorColumn {
  package let shape: Shape
  /// Where each row begins among the places and values, and where the last one ends.
  private let starts: [Int]
  private let places: [Int32]
  private let values: [Float]

  /// - Parameters:
  ///   - width: how many numbers a row has.
  ///   - starts: where each row begins in the two others, and where the last one ends.
  ///   - places: ascending within a row, below the width.
  ///   - values: all finite.
  init(width: Int, starts: [Int], places: [Int32], values: [Float]) {
    shape = [width]
    self.starts = starts
    self.places = places
    self.values = values
  }

  package var rowCount: Int { starts.count - 1 }
  package var isExactInFloat: Bool { true }
  package var isAlwaysFinite: Bool { true }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) {
    output.update(repeating: 0)
    for index in starts[row]..<starts[row + 1] { output[Int(places[index])] = values[index] }
  }

  package func read(_ row: Int, into output: UnsafeMutableBufferPointer<Double>) {
    output.update(repeating: 0)
    for index in starts[row]..<starts[row + 1] {
      output[Int(places[index])] = Double(values[index])
    }
  }

  package func number(_ row: Int, element: Int) -> Double {
    let own = starts[row]..<starts[row + 1]
    return own.first { places[$0] == element }.map { Double(values[$0]) } ?? 0
  }
}
