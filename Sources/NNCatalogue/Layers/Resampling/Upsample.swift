package import NNGraph
package import NNModel
import NNTensor

/// Several elements for each along every axis behind the channels.
///
/// Between two elements, the linear modes take (i + ½)/factor − ½ as the place of element i of the
/// result, and the first and last element beyond the ends: PyTorch's `align_corners=False`.
///
/// - input: [batch, channels, size…]
/// - output: [batch, channels, size·factor…]
package struct Upsample: Layer {
  package static let word = "upsample"
  package static let summary =
    "Makes a sequence [channels, length], an image [channels, height, width] or a volume [channels, "
    + "depth, height, width] larger by a whole factor."

  /// How the new elements are found.
  package enum Mode: String, WordChoice {
    case nearest, linear, bilinear, trilinear

    /// How many axes the mode is for; nil where any.
    var axes: Int? {
      switch self {
      case .nearest: nil
      case .linear: 1
      case .bilinear: 2
      case .trilinear: 3
      }
    }
  }

  @Field(
    "How many times as large; a list has one for each axis.", principal: true, range: .atLeast(1))
  package var factor = PerAxis.all(2)
  @Field(
    "nearest repeats elements; linear (of sequences), bilinear (of images) and trilinear (of volumes) "
      + "go straight from one to the next.")
  package var mode = Mode.nearest

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let sizes = try b.requireChannels(inputs[0], Self.word)
    if let axes = mode.axes, axes != sizes.count {
      let fitting = Mode.allCases.first { $0.axes == sizes.count }
      throw ShapeError(
        "mode: \(mode.rawValue) does not go with \(b.shape(inputs[0]))",
        help: fitting.map { "Write mode: \($0.rawValue) or mode: nearest." })
    }
    let factors = try factor.numbers(for: sizes.count, b.shape(inputs[0]), "factor")
    return try b.mapped(
      inputs[0],
      factors.map { factor in
        if factor == 1 { return nil }
        return mode == .nearest ? .nearest(factor: factor) : .linear(factor: factor)
      })
  }
}
