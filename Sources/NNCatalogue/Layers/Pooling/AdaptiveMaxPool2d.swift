package import NNGraph
package import NNModel
import NNTensor

/// The largest value of each of so many windows that cover an image: window i of n reaches from row
/// ⌊i·height/n⌋ to below ⌈(i+1)·height/n⌉, as PyTorch has it; they overlap where n does not divide.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels, height′, width′]
package struct AdaptiveMaxPool2d: Layer {
  package static let word = "adaptive_max_pool2d"
  package static let summary =
    "Keeps the largest value of windows that cover an image [channels, height, width], chosen "
    + "so that the result has a given size."

  @Field("The height and width of the result.", principal: true, range: .atLeast(1))
  package var size: Pair

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireChannels(inputs[0], and: Pair.axisNames, Self.word)
    // Along the rows first, so that of equals the first in the order of the image wins.
    var y = inputs[0]
    for (axis, count) in zip([2, 1], size.axes.reversed()) {
      y = try b.g.add(AdaptiveMaximum(axis: axis, count: count), [y])[0]
      try b.checkSize(b.shape(y))
    }
    return y
  }
}
