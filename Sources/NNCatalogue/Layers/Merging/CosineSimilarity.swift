package import NNGraph
package import NNModel

/// a·b / (max(‖a‖, eps) max(‖b‖, eps)) of two vectors.
///
/// - inputs: [batch, …, features]
/// - output: [batch, …, 1]
package struct CosineSimilarity: Layer {
  package static let word = "cosine_similarity"
  package static let summary =
    "The cosine of the angle between two vectors along the last axis, from -1 to 1; the axis stays, "
    + "with size 1."

  @Field("The names of the two values.", principal: true)
  package var inputs: [String]
  @Field("The least norm to divide by.", range: .atLeast(1e-18))
  package var eps = 1e-8

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireTwo(values, Self.word)
    let product = try dotProduct(values[0], values[1], Self.word, &b)
    var result = Expression.value(product)
    for value in values {
      // The root of zero has no slope, so the least is taken before.
      let squares = try dotProduct(value, value, Self.word, &b)
      result = result / sqrt(maximum(.value(squares), Expression(eps * eps)))
    }
    return b.g.elementwise(result)
  }
}
