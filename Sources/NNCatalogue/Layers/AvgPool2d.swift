package import NNGraph
package import NNModel
import NNTensor

/// The mean of each window.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels, height′, width′]
package struct AvgPool2d: Layer {
  package static let word = "avg_pool2d"
  package static let summary = "Takes the mean of each window of an image."

  @Field("The height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Pair(2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Pair? = nil
  @Field("Zeros around the image: valid, same, or a number.")
  package var padding = Padding.valid
  @Field("Whether zeros of the padding count in the mean.")
  package var countPadding = true

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireImage(inputs[0], Self.word)
    let shape = b.shape(inputs[0])
    let geometry = padding.geometry(
      kernel: kernel, stride: stride ?? kernel, height: shape[1], width: shape[2])
    try geometry.requirePaddingBelowKernel()
    return try b.g.apply(Pool2d(.mean(countsPadding: countPadding), geometry), inputs[0])
  }
}
