package import NNGraph
package import NNModel

/// The smallest of several values of one shape at each place; of equals the gradient goes to the first.
///
/// - inputs, output: [batch, …]
package struct Minimum: Layer {
  package static let word = "minimum"
  package static let summary =
    "Takes the smallest of several values of one shape, element by element."

  @Field("The names of what to compare.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try merged(values, .minimum, Self.word, &b)
  }
}
