package import NNGraph
package import NNModel
import NNTensor

/// Several values of one shape along an axis of their own.
///
/// - inputs: [batch, …]
/// - output: [batch, …, inputs, …]
package struct Stack: Layer {
  package static let word = "stack"
  package static let summary =
    "Puts several values of one shape along a new axis: two vectors [4] become [2, 4]."

  @Field("The names of what to stack.", principal: true)
  package var inputs: [String]
  @Field("Which axis of the result is the new one, counted from 0 of a sample.", range: .atLeast(0))
  package var axis = 0

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireSeveral(values, Self.word)
    let shape = b.shape(values[0])
    for value in values where b.shape(value) != shape {
      throw ShapeError("'stack' needs equal shapes, found \(shape) and \(b.shape(value))")
    }
    guard axis <= shape.rank, shape.rank < mostAxes else {
      throw ShapeError("'stack' cannot give \(shape) a new axis \(axis)")
    }
    let layers = values.map { b.withAxis(axis, in: $0) }
    return try b.g.add(Concat(axis: axis), layers)[0]
  }
}
