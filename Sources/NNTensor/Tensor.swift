/// Values of a parameter outside the engine: a shape and its elements, row major.
package struct Tensor: Sendable, Equatable {
  package let shape: Shape
  package var values: [Float]

  package init(_ shape: Shape, _ values: [Float]) {
    precondition(values.count == shape.count, "\(values.count) values for the shape \(shape)")
    self.shape = shape
    self.values = values
  }

  package init(_ shape: Shape, filledWith value: Float) {
    self.init(shape, [Float](repeating: value, count: shape.count))
  }
}
