package import NNGraph
package import NNModel

/// The quotient of two values of one shape.
///
/// - inputs, output: [batch, …]
package struct Divide: Layer {
  package static let word = "divide"
  package static let summary =
    "Divides the first of two values of one shape by the second, element by element."

  @Field("The names of the dividend and the divisor.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireTwo(values, Self.word)
    return try merged(values, .divide, Self.word, &b)
  }
}
