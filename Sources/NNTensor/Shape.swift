/// The sizes of a tensor's axes, outermost first; no axes is a scalar.
package struct Shape: Hashable, Sendable, ExpressibleByArrayLiteral, CustomStringConvertible {
  package var sizes: [Int]

  package init(_ sizes: [Int]) {
    self.sizes = sizes
  }

  package init(arrayLiteral sizes: Int...) {
    self.sizes = sizes
  }

  package static let scalar: Shape = []

  package var rank: Int { sizes.count }

  /// How many elements a tensor of this shape has.
  package var count: Int { sizes.reduce(1, *) }

  package subscript(axis: Int) -> Int { sizes[axis] }

  /// The elements between two neighbours along each axis of a dense row-major tensor.
  package var strides: [Int] {
    var strides = [Int](repeating: 1, count: rank)
    for axis in sizes.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * sizes[axis + 1]
    }
    return strides
  }

  package var description: String {
    "[" + sizes.map(String.init).joined(separator: ", ") + "]"
  }
}
