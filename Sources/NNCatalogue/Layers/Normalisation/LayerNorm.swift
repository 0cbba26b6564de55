package import NNGraph
package import NNModel
import NNTensor

/// Centres and scales each vector by its own statistics; Ba, Kiros and Hinton, "Layer
/// Normalization" (2016).
///
/// - input, output: [batch, …, features]
/// - parameters: weight, bias [features]
package struct LayerNorm: Layer {
  package static let word = "layer_norm"
  package static let summary =
    "Gives each vector along the last axis mean 0 and deviation 1, then a learned gain and offset."

  @Field("Added to the variance before the square root.", range: .positive)
  package var eps = 1e-5
  @Field("Whether each feature has a learned gain and offset.")
  package var affine = true

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard let features = shape.sizes.last else {
      throw ShapeError("'layer_norm' needs a vector [features], found a single number")
    }
    let last = shape.rank - 1
    let sum = ReduceSum(axes: [last], rank: shape.rank, overBatch: false)
    let spread = Broadcast(to: shape, axes: Array(0..<last))
    let share = Expression(1 / Double(features))
    let mean = b.g.elementwise(.value(try b.g.apply(sum, x)) * share)
    let centred = b.g.elementwise(.value(x) - .value(b.g.make(spread, mean)))
    let squares = b.g.elementwise(square(.value(centred)))
    let variance = Expression.value(try b.g.apply(sum, squares)) * share
    let inverse = b.g.elementwise(rsqrt(variance + Expression(eps)))
    var y = .value(centred) * Expression.value(b.g.make(spread, inverse))
    if affine {
      let gain = b.parameter("weight", [features], role: .gain, initializer: FilledWith(value: 1))
      let offset = b.parameter("bias", [features], role: .offset, initializer: FilledWith(value: 0))
      y = y * b.broadcast(gain, like: x, axis: last) + b.broadcast(offset, like: x, axis: last)
    }
    return b.g.elementwise(y)
  }
}
