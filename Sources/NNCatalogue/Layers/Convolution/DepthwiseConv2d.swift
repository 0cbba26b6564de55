package import NNGraph
package import NNModel
import NNTensor

/// Filters that see one channel each.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels·multiplier, height′, width′]; the results of one channel are neighbours
/// - parameters: weight [channels·multiplier, 1, kernel, kernel], bias [channels·multiplier]
package struct DepthwiseConv2d: Layer {
  package static let word = "depthwise_conv2d"
  package static let summary =
    "Moves filters over each channel of an image [channels, height, width] by itself."

  @Field("The height and width of a filter.", principal: true, range: .atLeast(1))
  package var kernel = Pair(3, 3)
  @Field("How many filters each channel has.", range: .atLeast(1))
  package var multiplier = 1
  @Field("How far a filter moves at a time.", range: .atLeast(1))
  package var stride = Pair(1, 1)
  @Field(
    "Zeros around the image: valid is none, same keeps the size (divided by the stride), a number "
      + "is that many on each side.")
  package var padding = Padding<Pair>.valid
  @Field("The distance between a filter's elements.", range: .atLeast(1))
  package var dilation = Pair(1, 1)
  @Field("The function each output passes through.")
  package var activation: any Activation = Identity()
  @Field("Whether each filter adds a learned number.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = HeUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireChannels(inputs[0], and: Pair.axisNames, Self.word)
    let window = DepthwiseWindow(
      kernel: kernel, multiplier: multiplier, stride: stride, padding: padding, dilation: dilation)
    var y = try window.lower(inputs[0], &b, weight: "weight", weightInit)
    if bias { y = b.addingBias(to: y, biasInit) }
    return try activation.lower(y, &b)
  }
}

/// How filters move over each channel by itself.
struct DepthwiseWindow {
  let kernel: Pair
  let multiplier: Int
  let stride: Pair
  let padding: Padding<Pair>
  let dilation: Pair

  func lower(
    _ x: Value, _ b: inout LayerBuilder, weight name: String, _ initializer: any Initializer
  ) throws(ShapeError) -> Value {
    let shape = b.shape(x)
    let geometry = padding.geometry(
      kernel: kernel, stride: stride, dilation: dilation, over: Array(shape.sizes.dropFirst()))
    let weight = try b.weight(
      Shape([shape[0] * multiplier, 1] + kernel.axes), initializer, name: name)
    let y = try b.g.apply(Convolution(geometry, groups: shape[0]), x, weight)
    try b.checkSize(b.shape(y))
    return y
  }
}
