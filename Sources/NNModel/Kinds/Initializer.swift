package import NNGraph
package import NNTensor

/// Gives a parameter its first values.
package protocol Initializer: Kind, ParameterInitializer {
  /// Throws where it cannot fill a tensor of this shape.
  func check(_ shape: Shape) throws(ShapeError)

  /// The tensor of a file that the values are; nil of those that make them.
  var storedTensor: StoredTensor? { get }
}

extension Initializer {
  package func check(_ shape: Shape) throws(ShapeError) {}
  package var storedTensor: StoredTensor? { nil }
}

/// How many inputs reach an output and how many outputs an input reaches.
package struct Fans: Equatable {
  package let fanIn: Double
  package let fanOut: Double

  /// - Parameter shape: `[out, in, kernel…]`; a vector counts as one output of each element.
  package init(_ shape: Shape) {
    let kernel = shape.sizes.dropFirst(2).reduce(1, *)
    fanIn = Double((shape.rank > 1 ? shape[1] : 1) * kernel)
    fanOut = Double((shape.rank > 0 ? shape[0] : 1) * kernel)
  }
}

extension Tensor {
  /// Numbers spread evenly over (−limit, limit).
  package static func uniform(_ shape: Shape, within limit: Double, _ stream: RandomStream)
    -> Tensor
  {
    Tensor(
      shape,
      (0..<shape.count).map { index in
        Float((Double(stream.uniform(at: UInt64(index))) * 2 - 1) * limit)
      })
  }

  /// Normally distributed numbers.
  package static func normal(
    _ shape: Shape, mean: Double = 0, deviation: Double, _ stream: RandomStream
  ) -> Tensor {
    Tensor(
      shape,
      (0..<shape.count).map { Float(mean + deviation * stream.normal(at: UInt64($0))) })
  }
}
