package import NNGraph
package import NNModel
import NNTensor

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
