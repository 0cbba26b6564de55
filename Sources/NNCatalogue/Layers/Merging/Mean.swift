package import NNGraph
package import NNModel

/// The mean of several values of one shape.
///
/// - inputs, output: [batch, …]
package struct Mean: Layer {
  package static let word = "mean"
  package static let summary =
    "Takes the mean of several values of one shape, element by element."

  @Field("The names of what to take the mean of.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let sum = try merged(values, .add, Self.word, &b)
    return b.g.elementwise(.value(sum) * Expression(1 / Double(values.count)))
  }
}
