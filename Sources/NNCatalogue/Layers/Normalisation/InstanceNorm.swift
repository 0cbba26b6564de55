package import NNGraph
package import NNModel
import NNTensor

/// Centres and scales each channel of a sample by its own statistics; Ulyanov, Vedaldi and
/// Lempitsky, "Instance Normalization" (2016).
///
/// - input, output: [batch, channels, length] or [batch, channels, height, width]
/// - parameters, where asked for: weight, bias [channels]
package struct InstanceNorm: Layer {
  package static let word = "instance_norm"
  package static let summary =
    "Gives each channel of a sample mean 0 and deviation 1; channels are the first axis."

  @Field("Added to the variance before the square root.", range: .positive)
  package var eps = 1e-5
  @Field(
    "Whether each channel has a learned gain and offset besides; not by default, as in PyTorch.")
  package var affine = false

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let shape = b.shape(inputs[0])
    guard shape.rank > 1, shape.count > shape[0] else {
      throw ShapeError(
        "'instance_norm' needs channels of several elements, [channels, height, width], found "
          + "\(shape)",
        help: "Of a vector use layer_norm.")
    }
    return GroupedNormalisation(groups: shape[0], eps: eps, affine: affine).lower(inputs[0], &b)
  }
}
