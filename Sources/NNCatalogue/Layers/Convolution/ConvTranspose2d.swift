package import NNModel

/// Spreads an image by filters; see ``TransposedConvolutionLayer``.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, filters, height′, width′]
/// - parameters: weight [channels, filters/groups, kernel, kernel], bias [filters]
package struct ConvTranspose2d: TransposedConvolutionLayer {
  package static let word = "conv_transpose2d"
  package static let summary =
    "Spreads an image [channels, height, width] by filters, the reverse of conv2d: with a stride of 2 "
    + "the result is twice as large."

  @Field("How many filters, the channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The height and width of a filter.", range: .atLeast(1))
  package var kernel = Pair(3, 3)
  @Field("How far apart the input's elements come to lie.", range: .atLeast(1))
  package var stride = Pair(1, 1)
  @Field(
    "What is cut off the result's ends, as PyTorch has it: valid is nothing, a number is that many "
      + "on each side; same makes the result the stride times as large (Keras).")
  package var padding = Padding<Pair>.valid
  @Field("Elements added behind the result; less than the stride.", range: .atLeast(0))
  package var outputPadding = Pair(0, 0)
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
