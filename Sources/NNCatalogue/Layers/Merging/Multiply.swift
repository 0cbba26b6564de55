package import NNGraph
package import NNModel

/// The product of several values of one shape, element by element.
///
/// - inputs, output: [batch, …]
package struct Multiply: Layer {
  package static let word = "multiply"
  package static let summary = "Multiplies several values of one shape, element by element."
  package static let example = "multiply: [left, right]"

  @Field("The names of what to multiply.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try merged(values, .multiply, Self.word, &b)
  }
}
