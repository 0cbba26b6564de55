package import NNGraph
package import NNModel

/// The axes of a sample in another order.
///
/// - input: [batch, n₀, n₁, …]
/// - output: [batch, …], whose axis i is the input's axis `axes[i]`
package struct PermuteLayer: Layer {
  package static let word = "permute"
  package static let summary =
    "Puts the axes of a sample in another order: [1, 0] turns [steps, features] into "
    + "[features, steps]."

  @Field(
    "For each axis of the result the axis it is taken from, counted from 0 of a sample (PyTorch "
      + "counts the batch as 0, Keras counts from 1).", principal: true)
  package var axes: [Int]

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.g.apply(Permute(axes: axes), inputs[0])
  }
}
