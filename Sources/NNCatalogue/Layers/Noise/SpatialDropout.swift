package import NNGraph
package import NNModel
import NNTensor

/// Sets whole channels to zero at random while training; Tompson et al., "Efficient Object
/// Localization Using Convolutional Networks" (2015).
///
/// - input, output: [batch, channels, size…]
package struct SpatialDropout: Layer {
  package static let word = "spatial_dropout"
  package static let summary =
    "Sets a share of the channels of [channels, …] to zero in training and scales the others up; does "
    + "nothing afterwards."

  @Field("The share of channels that is set to zero.", principal: true, range: .from(0, below: 1))
  package var rate: Double

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    _ = try b.requireChannels(x, Self.word)
    guard b.isTraining, rate > 0 else { return x }
    // A value of the right shape, one number for each channel of each sample.
    let channels: Shape = [b.shape(x)[0]]
    let like = try b.g.apply(Broadcast(to: channels, axes: []), b.g.make(Constant(0)))
    let random = b.g.make(RandomUniform(b.randomStream("dropout")), like)
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(rate))
    let gates = b.g.elementwise(isKept * Expression(1 / (1 - rate)))
    return b.g.elementwise(.value(x) * b.broadcast(gates, like: x, axis: 0))
  }
}
