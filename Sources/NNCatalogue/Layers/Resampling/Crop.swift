package import NNGraph
package import NNModel
import NNTensor

/// The inner part of a sequence, an image or a volume.
///
/// - input: [batch, channels, size…]
/// - output: [batch, channels, size − before − after…]
package struct Crop: SidedLayer {
  package static let word = "crop"
  package static let summary =
    "Takes elements away from the sides of a sequence [channels, length], an image [channels, height, "
    + "width] or a volume [channels, depth, height, width]."

  @Field(
    "How many elements to take from each side that is not named.", principal: true,
    range: .atLeast(0))
  package var size = 0
  @Field("How many from the left; size where not given.", range: .atLeast(0))
  package var left: Int? = nil
  @Field("How many from the right.", range: .atLeast(0))
  package var right: Int? = nil
  @Field("How many from the top, of images and volumes.", range: .atLeast(0))
  package var top: Int? = nil
  @Field("How many from the bottom, of images and volumes.", range: .atLeast(0))
  package var bottom: Int? = nil
  @Field("How many from the front, of volumes.", range: .atLeast(0))
  package var front: Int? = nil
  @Field("How many from the back, of volumes.", range: .atLeast(0))
  package var back: Int? = nil

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let sizes = try b.requireChannels(inputs[0], Self.word)
    let sides = try sides(sizes.count, b.shape(inputs[0]))
    return try b.mapped(
      inputs[0],
      sides.map { before, after in
        before == 0 && after == 0 ? nil : .constant(before: -before, after: -after, value: 0)
      })
  }
}
