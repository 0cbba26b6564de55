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

/// The mean of each channel.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels]
package struct GlobalAvgPool2d: Layer {
  package static let word = "global_avg_pool2d"
  package static let summary =
    "Takes the mean of each channel of an image: [channels, height, width] to [channels]."

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireImage(inputs[0], Self.word)
    let shape = b.shape(inputs[0])
    let sum = try b.g.apply(ReduceSum(axes: [1, 2], rank: 3, overBatch: false), inputs[0])
    return b.g.elementwise(.value(sum) * Expression(1 / Double(shape[1] * shape[2])))
  }
}

extension ConvolutionGeometry {
  /// Throws where a window could lie in the padding altogether.
  fileprivate func requirePaddingBelowKernel() throws(ShapeError) {
    guard padTop >= kernelHeight || padLeft >= kernelWidth else { return }
    throw ShapeError(
      "a padding of \(padTop)×\(padLeft) is not less than the window of \(kernelHeight)×\(kernelWidth)"
    )
  }
}
