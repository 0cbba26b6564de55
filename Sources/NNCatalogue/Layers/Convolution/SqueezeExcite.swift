package import NNGraph
package import NNModel
import NNTensor

/// Scales each channel by a gate that sees the means of all channels; Hu, Shen and Sun,
/// "Squeeze-and-Excitation Networks" (2018): y = x · sigmoid(W₂ activation(W₁ mean(x) + b₁) + b₂).
///
/// - input, output: [batch, channels, size…]
/// - parameters: squeeze.weight [width, channels], squeeze.bias [width], excite.weight [channels,
///   width], excite.bias [channels], with width = channels/ratio
package struct SqueezeExcite: Layer {
  package static let word = "squeeze_excite"
  package static let summary =
    "Scales each channel of [channels, …] by a number from 0 to 1 that two small dense layers find "
    + "from the means of all channels."

  @Field(
    "How many channels there are for each unit of the first dense layer, which has one at least.",
    principal: true, range: .atLeast(1))
  package var ratio = 16
  @Field("The function between the two dense layers.")
  package var activation: any Activation = ReLU()
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    _ = try b.requireChannels(x, Self.word)
    let channels = b.shape(x)[0]
    let means = try b.meanOfChannels(x)
    let squeezed = try activation.lower(
      try dense(means, "squeeze", units: max(channels / ratio, 1), &b), &b)
    let excited = try dense(squeezed, "excite", units: channels, &b)
    let gates = b.g.elementwise(sigmoid(.value(excited)))
    return b.g.elementwise(.value(x) * b.broadcast(gates, like: x, axis: 0))
  }

  private func dense(
    _ x: Value, _ name: String, units: Int, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    let weight = try b.weight([units, b.shape(x)[0]], weightInit, name: "\(name).weight")
    let offset = b.parameter("\(name).bias", [units], role: .bias, initializer: biasInit)
    let y = try b.g.apply(Linear(), x, weight)
    return b.g.elementwise(.value(y) + b.broadcast(offset, like: y, axis: 0))
  }
}
