package import NNGraph
package import NNModel
import NNTensor

/// What pooling of sequences, images and volumes has in common.
///
/// - input: [batch, channels, size…]
/// - output: [batch, channels, size′…]
package protocol PoolingLayer: Layer {
  associatedtype Sizes: AxisSizes

  var kernel: Sizes { get }
  /// The kernel where not given.
  var stride: Sizes? { get }
  var padding: Padding<Sizes> { get }
  /// What is made of a window.
  var pooling: Pool.Kind { get }
}

extension PoolingLayer {
  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireChannels(inputs[0], and: Sizes.axisNames, Self.word)
    let geometry = padding.geometry(
      kernel: kernel, stride: stride ?? kernel, over: Array(b.shape(inputs[0]).sizes.dropFirst()))
    try geometry.requirePaddingBelowKernel()
    return try b.g.pool(inputs[0], pooling, geometry)
  }
}

/// What pooling over everything but the channels has in common.
///
/// - input: [batch, channels, size…]
/// - output: [batch, channels]
package protocol GlobalPoolingLayer: Layer {
  /// The axes that are pooled over, by name.
  static var axisNames: [String] { get }
  static var isLargest: Bool { get }
}

extension GlobalPoolingLayer {
  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.requireChannels(inputs[0], and: Self.axisNames, Self.word)
    return Self.isLargest
      ? try b.largestOfChannels(inputs[0]) : try b.meanOfChannels(inputs[0])
  }
}

extension LayerBuilder {
  /// The mean of each channel.
  ///
  /// - x: [batch, channels, size…]; result: [batch, channels]
  mutating func meanOfChannels(_ x: Value) throws(ShapeError) -> Value {
    let shape = shape(x)
    let sum = try g.apply(
      ReduceSum(axes: Array(1..<shape.rank), rank: shape.rank, overBatch: false), x)
    return g.elementwise(.value(sum) * Expression(1 / Double(shape.count / shape[0])))
  }

  /// The largest value of each channel.
  fileprivate mutating func largestOfChannels(_ x: Value) throws(ShapeError) -> Value {
    let shape = shape(x)
    let window = ConvolutionGeometry(shape.sizes.dropFirst().map { .init(kernel: $0) })
    return try g.apply(Reshape([shape[0]]), try g.pool(x, .largest, window))
  }
}
