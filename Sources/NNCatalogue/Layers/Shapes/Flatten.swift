package import NNGraph
package import NNModel
import NNTensor

/// All axes of a sample as one.
///
/// - input: [batch, …]
/// - output: [batch, product of the axes]
package struct Flatten: Layer {
  package static let word = "flatten"
  package static let summary =
    "Makes one axis of all: [channels, height, width] to one vector, channel by channel."

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.g.apply(Reshape([b.shape(inputs[0]).count]), inputs[0])
  }
}
