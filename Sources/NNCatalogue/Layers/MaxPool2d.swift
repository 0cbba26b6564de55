package import NNGraph
package import NNModel
import NNTensor

/// The largest value of each window.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels, height′, width′]
package struct MaxPool2d: Layer {
  package static let word = "max_pool2d"
  package static let summary = "Keeps the largest value of each window of an image."

  @Field("The height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Pair(2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Pair? = nil
  @Field("What is around the image, never the largest: valid, same, or a number.")
  package var padding = Padding.valid

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireImage(inputs[0], Self.word)
    let shape = b.shape(inputs[0])
    let geometry = padding.geometry(
      kernel: kernel, stride: stride ?? kernel, height: shape[1], width: shape[2])
    try geometry.requirePaddingBelowKernel()
    return try b.g.apply(Pool2d(.largest, geometry), inputs[0])
  }
}
