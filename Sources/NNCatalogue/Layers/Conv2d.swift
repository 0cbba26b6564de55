package import NNGraph
package import NNModel
import NNTensor

/// Moves filters over an image.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, filters, height′, width′]
/// - parameters: weight [filters, channels/groups, kernel, kernel], bias [filters]
package struct Conv2dLayer: Layer {
  package static let word = "conv2d"
  package static let summary =
    "Moves filters over an image [channels, height, width]; each gives one channel of the result."
  package static let example = "conv2d: {filters: 16, kernel: 3, padding: same, activation: relu}"

  @Field("How many filters, the channels of the result.", principal: true, range: .atLeast(1))
  package var filters: Int
  @Field("The height and width of a filter.", range: .atLeast(1))
  package var kernel = Pair(3, 3)
  @Field("How far a filter moves at a time.", range: .atLeast(1))
  package var stride = Pair(1, 1)
  @Field(
    "Zeros around the image: valid is none, same keeps the size (divided by the stride), a number "
      + "is that many on each side.")
  package var padding = Padding.valid
  @Field("The distance between a filter's elements.", range: .atLeast(1))
  package var dilation = Pair(1, 1)
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

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    try b.requireImage(x, Self.word)
    let shape = b.shape(x)
    guard shape[0] % groups == 0, filters % groups == 0 else {
      throw ShapeError(
        """
        \(groups) groups do not divide the \(shape[0]) channels of \(shape) and the \(filters) \
        filters
        """)
    }
    let geometry = padding.geometry(
      kernel: kernel, stride: stride, dilation: dilation, height: shape[1], width: shape[2])
    let weight = b.parameter(
      "weight", [filters, shape[0] / groups, kernel.height, kernel.width], role: .weight,
      initializer: weightInit)
    var y = try b.g.apply(Conv2d(geometry, groups: groups), x, weight)
    if bias {
      let offset = b.parameter("bias", [filters], role: .bias, initializer: biasInit)
      y = b.g.elementwise(.value(y) + b.broadcast(offset, like: y, axis: 0))
    }
    return try activation.lower(y, &b)
  }
}
