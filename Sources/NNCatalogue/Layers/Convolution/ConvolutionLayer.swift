package import NNGraph
package import NNModel
import NNTensor

/// What convolutions of sequences, images and volumes have in common.
///
/// - input: [batch, channels, size…]
/// - output: [batch, filters, size′…]
/// - parameters: weight [filters, channels/groups, kernel…], bias [filters]
package protocol ConvolutionLayer: Layer {
  associatedtype Sizes: AxisSizes

  var filters: Int { get }
  var kernel: Sizes { get }
  var stride: Sizes { get }
  var padding: Padding<Sizes> { get }
  var dilation: Sizes { get }
  var groups: Int { get }
  var activation: any Activation { get }
  var bias: Bool { get }
  var weightInit: any Initializer { get }
  var biasInit: any Initializer { get }
}

extension ConvolutionLayer {
  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    try b.requireChannels(x, and: Sizes.axisNames, Self.word)
    let shape = b.shape(x)
    try requireGroups(groups, shape, filters)
    let geometry = padding.geometry(
      kernel: kernel, stride: stride, dilation: dilation, over: Array(shape.sizes.dropFirst()))
    let weight = try b.weight(Shape([filters, shape[0] / groups] + kernel.axes), weightInit)
    var y = try b.g.apply(Convolution(geometry, groups: groups), x, weight)
    try b.checkSize(b.shape(y))
    if bias { y = b.addingBias(to: y, biasInit) }
    return try activation.lower(y, &b)
  }
}

/// Throws unless groups divide both kinds of channels.
func requireGroups(_ groups: Int, _ shape: Shape, _ filters: Int) throws(ShapeError) {
  guard shape[0] % groups == 0, filters % groups == 0 else {
    throw ShapeError(
      """
      \(groups) groups do not divide the \(shape[0]) channels of \(shape) and the \(filters) \
      filters
      """)
  }
}

extension LayerBuilder {
  /// Filters of a shape that is tried before anything is made of it.
  mutating func weight(
    _ shape: Shape, _ initializer: any Initializer, name: String = "weight"
  ) throws(ShapeError) -> Value {
    try checkSize(shape)
    return parameter(name, shape, role: .weight, initializer: initializer)
  }

  /// Adds a learned number to each channel.
  mutating func addingBias(to x: Value, _ initializer: any Initializer) -> Value {
    let offset = parameter("bias", [shape(x)[0]], role: .bias, initializer: initializer)
    return g.elementwise(.value(x) + broadcast(offset, like: x, axis: 0))
  }
}
