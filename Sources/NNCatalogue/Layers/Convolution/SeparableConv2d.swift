package import NNGraph
package import NNModel
import NNTensor

/// A depthwise convolution and a 1×1 convolution that mixes its channels; Chollet, "Xception: Deep
/// Learning with Depthwise Separable Convolutions" (2017).
///
/// - input: [batch, channels, height, width]
/// - output: [batch, filters, height′, width′]
/// - parameters: depthwise_weight [channels·multiplier, 1, kernel, kernel], pointwise_weight
///   [filters, channels·multiplier, 1, 1], bias [filters]
package struct SeparableConv2d: Layer {
  package static let word = "separable_conv2d"
  package static let summary =
    "Moves filters over each channel of an image [channels, height, width] by itself, then mixes the "
    + "channels pixel by pixel."

  @Field("The channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The height and width of a filter.", range: .atLeast(1))
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
  @Field("Whether each channel of the result adds a learned number.")
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
    let each = try window.lower(inputs[0], &b, weight: "depthwise_weight", weightInit)
    let weight = try b.weight(
      [filters, b.shape(each)[0], 1, 1], weightInit, name: "pointwise_weight")
    var y = try b.g.apply(Convolution(.init(kernel: (1, 1))), each, weight)
    try b.checkSize(b.shape(y))
    if bias { y = b.addingBias(to: y, biasInit) }
    return try activation.lower(y, &b)
  }
}
