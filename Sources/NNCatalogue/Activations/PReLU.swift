package import NNGraph
package import NNModel
import NNTensor

/// y = x above zero, a x below, a being learned; He et al., "Delving Deep into Rectifiers" (2015).
///
/// - parameters: activation.weight [1], or [channels] with one slope for each
package struct PReLU: Activation {
  package static let word = "prelu"
  package static let summary =
    "A rectifier whose slope below zero is learned: y = x above zero, a · x below."

  @Field("The slope that training begins with.", principal: true)
  package var initial = 0.25
  @Field("Whether each feature has a slope of its own; else there is one, as in PyTorch.")
  package var perChannel = false
  @Field(
    "The axis whose features have slopes, counted from 0 of a sample; the first of images and the last of "
      + "others where not given.", range: .atLeast(0))
  package var axis: Int? = nil

  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let channels = try perChannel ? channelAxis(of: b.shape(x), axis, Self.word) : nil
    let slopes = b.parameter(
      "activation.weight", [channels.map { b.shape(x)[$0] } ?? 1], role: .gain,
      initializer: FilledWith(value: Float(initial)))
    let slope =
      channels.map { b.broadcast(slopes, like: x, axis: $0) }
      ?? .value(b.g.make(Reshape(.scalar), slopes))
    return b.g.elementwise(select(step(.value(x)), .value(x), slope * .value(x)))
  }
}
