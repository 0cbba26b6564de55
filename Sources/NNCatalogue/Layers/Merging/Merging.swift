import NNGraph
import NNModel

/// Throws unless there are two values or more.
func requireSeveral(_ values: [Value], _ word: String) throws(ShapeError) {
  guard values.count < 2 else { return }
  throw ShapeError("'\(word)' joins two values or more, found \(values.count)")
}

/// Throws unless there are two values.
func requireTwo(_ values: [Value], _ word: String) throws(ShapeError) {
  guard values.count != 2 else { return }
  throw ShapeError("'\(word)' takes two values, found \(values.count)")
}

/// Joins values of one shape two by two.
func merged(
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
