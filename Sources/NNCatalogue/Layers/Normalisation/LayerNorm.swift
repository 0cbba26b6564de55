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
    var inputs = [x]
    if affine {
      inputs.append(
        b.parameter("weight", [features], role: .gain, initializer: FilledWith(value: 1)))
      inputs.append(
        b.parameter("bias", [features], role: .offset, initializer: FilledWith(value: 0)))
    }
    let norm = RowNorm(eps: eps, centres: true, hasGain: affine, hasOffset: affine)
    return try b.g.add(norm, inputs)[0]
  }
}
