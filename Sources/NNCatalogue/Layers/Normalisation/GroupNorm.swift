package import NNGraph
package import NNModel
import NNTensor

/// Centres and scales each group of channels of a sample by its own statistics; Wu and He, "Group
/// Normalization" (2018).
///
/// - input, output: [batch, channels, …]
/// - parameters: weight, bias [channels]
package struct GroupNorm: Layer {
  package static let word = "group_norm"
  package static let summary =
    "Gives each group of channels of a sample mean 0 and deviation 1, then a learned gain and "
    + "offset; channels are the first axis."

  @Field(
    "How many groups the channels are divided into; they must be of one size.", principal: true,
    range: .atLeast(1))
  package var groups: Int
  @Field("Added to the variance before the square root.", range: .positive)
  package var eps = 1e-5
  @Field("Whether each channel has a learned gain and offset.")
  package var affine = true

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let shape = b.shape(inputs[0])
    guard let channels = shape.sizes.first else {
      throw ShapeError("'group_norm' needs [channels, …], found a single number")
    }
    guard channels % groups == 0 else {
      throw ShapeError(
        "\(groups) groups do not divide the \(channels) channels of \(shape)",
        help: "Choose a number of groups that divides the channels.")
    }
    guard shape.count > groups else {
      throw ShapeError("each of \(groups) groups of \(shape) is one number, which has no deviation")
    }
    return GroupedNormalisation(groups: groups, eps: eps, affine: affine).lower(inputs[0], &b)
  }
}
