package import NNModel

/// Moves filters over an image; see ``ConvolutionLayer``.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, filters, height′, width′]
/// - parameters: weight [filters, channels/groups, kernel, kernel], bias [filters]
package struct Conv2dLayer: ConvolutionLayer {
  package static let word = "conv2d"
  package static let summary =
    "Moves filters over an image [channels, height, width]; each gives one channel of the result."
  package static let example = "conv2d: {filters: 16, kernel: 3, padding: same, activation: relu}"

  @Field("How many filters, the channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The height and width of a filter.", range: .atLeast(1))
  package var kernel = Pair(3, 3)
  @Field("How far a filter moves at a time.", range: .atLeast(1))
  package var stride = Pair(1, 1)
  @Field(
    "Zeros around the image: valid is none, same keeps the size (divided by the stride), a number "
      + "is that many on each side.")
  package var padding = Padding<Pair>.valid
  @Field("The distance between a filter's elements.", range: .atLeast(1))
  package var dilation = Pair(1, 1)
  @Field("Groups of channels that do not see each other.", range: .atLeast(1))
  package var groups = 1
  @Field("The function each output passes through.")
  package var activation: any Activation = Identity()
  @Field("Whether each filter adds a learned number.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = HeUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}
}
