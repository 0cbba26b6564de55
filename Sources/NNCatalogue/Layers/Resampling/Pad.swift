package import NNGraph
package import NNModel
import NNTensor

/// Elements around a sequence, an image or a volume.
///
/// - input: [batch, channels, size…]
/// - output: [batch, channels, before + size + after…]
package struct Pad: SidedLayer {
  package static let word = "pad"
  package static let summary =
    "Puts elements around a sequence [channels, length], an image [channels, height, width] or a "
    + "volume [channels, depth, height, width]."

  /// What is put there.
  package enum Mode: String, WordChoice {
    case constant, reflect, replicate
  }

  @Field("How many elements at each side that is not named.", principal: true, range: .atLeast(0))
  package var size = 0
  @Field("How many at the left; size where not given.", range: .atLeast(0))
  package var left: Int? = nil
  @Field("How many at the right.", range: .atLeast(0))
  package var right: Int? = nil
  @Field("How many at the top, of images and volumes.", range: .atLeast(0))
  package var top: Int? = nil
  @Field("How many at the bottom, of images and volumes.", range: .atLeast(0))
  package var bottom: Int? = nil
  @Field("How many at the front, of volumes.", range: .atLeast(0))
  package var front: Int? = nil
  @Field("How many at the back, of volumes.", range: .atLeast(0))
  package var back: Int? = nil
  @Field(
    "constant puts a value there, reflect mirrors what is beside the last element, replicate repeats "
      + "the last element.")
  package var mode = Mode.constant
  @Field("The value of mode: constant.", range: .between(-1e9, 1e9))
  package var value = 0.0

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let sizes = try b.requireChannels(inputs[0], Self.word)
    let sides = try sides(sizes.count, b.shape(inputs[0]))
    return try b.mapped(
      inputs[0],
      sides.map { before, after in
        if before == 0, after == 0 { return nil }
        switch mode {
        case .constant: return .constant(before: before, after: after, value: Float(value))
        case .reflect: return .reflection(before: before, after: after)
        case .replicate: return .replication(before: before, after: after)
        }
      })
  }
}
