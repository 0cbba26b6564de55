import NNGraph
import NNTensor

extension LayerBuilder {
  /// A learned linear map of x to a shape: a matrix for vectors, a 1×1 convolution for images.
  mutating func projection(of x: Value, to shape: Shape) throws(ShapeError) -> Value {
    let from = g.shape(x)
    let cannot = ShapeError("no projection leads from \(from) to \(shape)")
    guard from.rank == shape.rank, let width = from.sizes.last, let units = shape.sizes.last else {
      throw cannot
    }
    if from.rank == 3 {
      let stride = (max(from[1] / max(shape[1], 1), 1), max(from[2] / max(shape[2], 1), 1))
      // The ceiling of the division is what a convolution with padding gives.
      let rows = (from[1] + stride.0 - 1) / stride.0
      let columns = (from[2] + stride.1 - 1) / stride.1
      guard rows == shape[1], columns == shape[2] else { throw cannot }
      let weight = parameter(
        "weight", [shape[0], from[0], 1, 1], role: .weight, initializer: GlorotUniform())
      return try g.apply(
        Convolution(ConvolutionGeometry(kernel: (1, 1), stride: stride)), x, weight)
    }
    guard from.sizes.dropLast() == shape.sizes.dropLast() else { throw cannot }
    let weight = parameter("weight", [units, width], role: .weight, initializer: GlorotUniform())
    return try g.apply(Linear(), x, weight)
  }
}

/// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
/// (2010): uniform within √(6 / (fan_in + fan_out)).
private struct GlorotUniform: ParameterInitializer {
  func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let fans = Fans(shape)
    return .uniform(shape, within: (6 / (fans.fanIn + fans.fanOut)).squareRoot(), stream)
  }
}
