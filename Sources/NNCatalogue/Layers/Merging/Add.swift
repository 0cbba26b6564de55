package import NNGraph
package import NNModel

/// The sum of several values of one shape.
///
/// - inputs, output: [batch, …]
package struct Add: Layer {
  package static let word = "add"
  package static let summary = "Adds several values of one shape, element by element."
  package static let example = "add: [left, right]"

  @Field("The names of what to add.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try merged(values, .add, Self.word, &b)
  }
}
