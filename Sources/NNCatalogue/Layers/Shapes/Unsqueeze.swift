package import NNGraph
package import NNModel
import NNTensor

/// A sample with an axis of size 1 put in.
///
/// - input: [batch, …, …]
/// - output: [batch, …, 1, …]
package struct Unsqueeze: Layer {
  package static let word = "unsqueeze"
  package static let summary = "Puts in an axis of size 1."

  @Field(
    "Which axis of the result it is, counted from 0 of a sample.", principal: true,
    range: .atLeast(0))
  package var axis: Int

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let shape = b.shape(inputs[0])
    guard axis <= shape.rank else {
      throw ShapeError("'unsqueeze' cannot put in axis \(axis): \(shape) has \(shape.rank)")
    }
    guard shape.rank < mostAxes else {
      throw ShapeError("\(shape) has \(mostAxes) axes, as many as a sample may have")
    }
    return b.withAxis(axis, in: inputs[0])
  }
}
