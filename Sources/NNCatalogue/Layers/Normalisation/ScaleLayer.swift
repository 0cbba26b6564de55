package import NNGraph
package import NNModel
import NNTensor

/// y = gain · x + offset, one learned gain for each feature; as "LayerScale" in Touvron et al.,
/// "Going deeper with Image Transformers" (2021).
///
/// - input, output: [batch, …, features] or [batch, channels, height, width]
/// - parameters: weight [features]; bias [features] where asked for
package struct ScaleLayer: Layer {
  package static let word = "scale"
  package static let summary =
    "Multiplies each feature by a learned number: images by channel, others along the last axis."

  @Field("What the numbers begin with.", principal: true)
  package var initial = 1.0
  @Field("Whether each feature adds a learned number too, which begins with 0.")
  package var offset = false
  @Field(
    "The axis of a sample, counted from 0; channels of images and the last axis of others where not given.",
    range: .atLeast(0))
  package var axis: Int? = nil

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let usual = try b.featureAxis(of: x, Self.word)
    let axis = axis ?? usual
    try b.requireAxis(axis, of: x, Self.word)
    let features: Shape = [b.shape(x)[axis]]
    let gain = b.parameter(
      "weight", features, role: .gain, initializer: FilledWith(value: Float(initial)))
    var y = Expression.value(x) * b.broadcast(gain, like: x, axis: axis)
    if offset {
      let bias = b.parameter("bias", features, role: .offset, initializer: FilledWith(value: 0))
      y = y + b.broadcast(bias, like: x, axis: axis)
    }
    return b.g.elementwise(y)
  }
}
