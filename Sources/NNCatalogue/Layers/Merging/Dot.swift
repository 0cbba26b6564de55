package import NNGraph
package import NNModel
import NNTensor

/// Σ aᵢ bᵢ of two vectors.
///
/// - inputs: [batch, …, features]
/// - output: [batch, …, 1]
package struct Dot: Layer {
  package static let word = "dot"
  package static let summary =
    "The scalar product of two vectors along the last axis; the axis stays, with size 1."

  @Field("The names of the two values.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireTwo(values, Self.word)
    return try dotProduct(values[0], values[1], Self.word, &b)
  }
}

/// The sum of the products along the last axis, which stays with size 1.
func dotProduct(
  _ x: Value, _ y: Value, _ word: String, _ b: inout LayerBuilder
) throws(ShapeError) -> Value {
  let product = try merged([x, y], .multiply, word, &b)
  let shape = b.shape(x)
  guard shape.rank > 0 else {
    throw ShapeError("'\(word)' needs vectors [features], found single numbers")
  }
  let last = shape.rank - 1
  let sum = b.g.make(ReduceSum(axes: [last], rank: shape.rank, overBatch: false), product)
  return b.withAxis(last, in: sum)
}
