package import NNModel

/// Spreads a sequence by filters; see ``TransposedConvolutionLayer``.
///
/// - input: [batch, channels, length]
/// - output: [batch, filters, length′]
/// - parameters: weight [channels, filters/groups, kernel], bias [filters]
package struct ConvTranspose1d: TransposedConvolutionLayer {
  package static let word = "conv_transpose1d"
  package static let summary =
    "Spreads a sequence [channels, length] by filters, the reverse of conv1d: with a stride of 2 "
    + "the result is twice as long."

  @Field("How many filters, the channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The length of a filter.", range: .atLeast(1))
  package var kernel = Length(3)
  @Field("How far apart the input's elements come to lie.", range: .atLeast(1))
  package var stride = Length(1)
  @Field(
    "What is cut off the result's ends, as PyTorch has it: valid is nothing, a number is that many "
      + "on each side; same makes the result the stride times as large (Keras).")
  package var padding = Padding<Length>.valid
  @Field("Elements added behind the result; less than the stride.", range: .atLeast(0))
  package var outputPadding = Length(0)
  @Field("The distance between a filter's elements.", range: .atLeast(1))
  package var dilation = Length(1)
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
