package import NNGraph
package import NNModel
import NNTensor

/// y = x / (k + alpha/size · Σ x²)^beta, the sum over a channel and its neighbours; Krizhevsky,
/// Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks" (2012).
///
/// Of an even number of channels one more stands before than behind, and where there are fewer the
/// sum is still divided by size, both as PyTorch has it; the paper does not divide.
///
/// - input, output: [batch, channels, size…]
package struct LocalResponseNorm: Layer {
  package static let word = "local_response_norm"
  package static let summary =
    "Divides each value of [channels, …] by a power of the mean square of its neighbours in other "
    + "channels."

  @Field("How many channels count as neighbours.", principal: true, range: .between(1, 1000))
  package var size: Int
  @Field(
    "The share of the mean square (PyTorch's meaning; the paper's is this over size).",
    range: .atLeast(0))
  package var alpha = 1e-4
  @Field("The exponent.", range: .atLeast(0))
  package var beta = 0.75
  @Field("What is added to the mean square's share.", range: .positive)
  package var k = 1.0

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    _ = try b.requireChannels(x, Self.word)
    let squares = b.g.elementwise(square(.value(x)))
    let sums = try b.g.apply(
      MapAxis(0, .windowSums(before: size / 2, after: (size - 1) / 2)), squares)
    let base = Expression(k) + Expression(alpha / Double(size)) * .value(sums)
    return b.g.elementwise(.value(x) * .binary(.power, base, Expression(-beta)))
  }
}
