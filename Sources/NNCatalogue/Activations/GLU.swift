package import NNGraph
package import NNModel
import NNTensor

/// y = a · sigmoid(b), a and b the halves of the features; Dauphin et al., "Language Modeling with
/// Gated Convolutional Networks" (2016).
///
/// - x: [batch, …, 2 n], images [batch, 2 n, height, width]
/// - y: [batch, …, n], images [batch, n, height, width]
package struct GLU: Activation {
  package static let word = "glu"
  package static let summary =
    "The gated linear unit: the first half of the features times the logistic function of the "
    + "second; half as many come out."

  @Field(
    "The axis that is halved, counted from 0 of a sample; the first of images and the last of "
      + "others where not given.", range: .atLeast(0))
  package var axis: Int? = nil

  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let shape = b.shape(x)
    let axis = try channelAxis(of: shape, axis, Self.word)
    guard shape[axis].isMultiple(of: 2) else {
      throw ShapeError(
        "'glu' halves the \(shape[axis]) features of \(shape), which is an odd number",
        help: "Give the layer twice as many features as are wanted.")
    }
    let half = shape[axis] / 2
    let first = try b.g.apply(Slice(axis: axis, start: 0, count: half), x)
    let second = try b.g.apply(Slice(axis: axis, start: half, count: half), x)
    return b.g.elementwise(.value(first) * sigmoid(.value(second)))
  }
}
