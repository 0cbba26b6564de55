package import NNGraph
package import NNModel
import NNTensor

/// A sample without axes of size 1.
///
/// - input: [batch, …, 1, …]
/// - output: [batch, …, …]
package struct Squeeze: Layer {
  package static let word = "squeeze"
  package static let summary = "Drops an axis of size 1; all of them where none is named."

  @Field(
    "The axis to drop, counted from 0 of a sample; its size must be 1.", principal: true,
    range: .atLeast(0))
  package var axis: Int? = nil

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard let axis else {
      return try b.g.apply(Reshape(Shape(shape.sizes.filter { $0 != 1 })), x)
    }
    try b.requireAxis(axis, of: x, Self.word)
    guard shape[axis] == 1 else {
      throw ShapeError("'squeeze' drops an axis of size 1, and axis \(axis) of \(shape) is none")
    }
    return b.withoutAxis(axis, in: x)
  }
}
