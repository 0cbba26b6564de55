package import NNGraph
package import NNModel

/// The difference of two values of one shape.
///
/// - inputs, output: [batch, …]
package struct Subtract: Layer {
  package static let word = "subtract"
  package static let summary =
    "Takes the second of two values of one shape from the first, element by element."

  @Field("The names of the first and what is taken from it.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try requireTwo(values, Self.word)
    return try merged(values, .subtract, Self.word, &b)
  }
}
