package import NNGraph
package import NNModel
import NNTensor

/// x / √(mean(x²) + eps) · gain for each vector; Zhang and Sennrich, "Root Mean Square Layer
/// Normalization" (2019).
///
/// - input, output: [batch, …, features]
/// - parameters: weight [features]
package struct RMSNorm: Layer {
  package static let word = "rms_norm"
  package static let summary =
    "Divides each vector along the last axis by the root of its mean square, then multiplies by a "
    + "learned gain."

  @Field(
    "Added to the mean square before the root; by default the precision of a number, as in PyTorch.",
    range: .positive)
  package var eps = 1.1920929e-07
  @Field("Whether each feature has a learned gain.")
  package var affine = true

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard let features = shape.sizes.last else {
      throw ShapeError("'rms_norm' needs a vector [features], found a single number")
    }
    var inputs = [x]
    if affine {
      inputs.append(
        b.parameter("weight", [features], role: .gain, initializer: FilledWith(value: 1)))
    }
    let norm = RowNorm(eps: eps, centres: false, hasGain: affine, hasOffset: false)
    return try b.g.add(norm, inputs)[0]
  }
}
