package import NNModel

/// Moves filters over a sequence; see ``ConvolutionLayer``.
///
/// - input: [batch, channels, length]
/// - output: [batch, filters, length′]
/// - parameters: weight [filters, channels/groups, kernel], bias [filters]
package struct Conv1dLayer: ConvolutionLayer {
  package static let word = "conv1d"
  package static let summary =
    "Moves filters along a sequence [channels, length]; each gives one channel of the result."

  @Field("How many filters, the channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The length of a filter.", range: .atLeast(1))
  package var kernel = Length(3)
  @Field("How far a filter moves at a time.", range: .atLeast(1))
  package var stride = Length(1)
  @Field(
    "Zeros around the sequence: valid is none, same keeps the size (divided by the stride), a number "
      + "is that many on each side.")
  package var padding = Padding<Length>.valid
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
