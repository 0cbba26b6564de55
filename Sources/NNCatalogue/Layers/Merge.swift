package import NNGraph
package import NNModel

/// The sum of several values of one shape.
///
/// - inputs, output: [batch, …]
package struct Add: Layer {
  package static let word = "add"
  package static let summary = "Adds several values of one shape, element by element."

  @Field("The names of what to add.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try merged(values, .add, Self.word, &b)
  }
}

/// The product of several values of one shape, element by element.
///
/// - inputs, output: [batch, …]
package struct Multiply: Layer {
  package static let word = "multiply"
  package static let summary = "Multiplies several values of one shape, element by element."

  @Field("The names of what to multiply.", principal: true)
  package var inputs: [String]

  package init() {}

  package var ownReferences: [String]? { inputs }

  package func lower(_ values: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try merged(values, .multiply, Self.word, &b)
  }
}

private func merged(
  _ values: [Value], _ function: BinaryFunction, _ word: String, _ b: inout LayerBuilder
) throws(ShapeError) -> Value {
  try requireSeveral(values, word)
  for value in values where b.g.type(value) != b.g.type(values[0]) {
    throw ShapeError(
      "'\(word)' needs equal shapes, found \(b.shape(values[0])) and \(b.shape(value))")
  }
  var result = Expression.value(values[0])
  for value in values.dropFirst() { result = .binary(function, result, .value(value)) }
  return b.g.elementwise(result)
}
