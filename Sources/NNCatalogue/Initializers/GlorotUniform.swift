import NNModel
package import NNTensor

// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
// (2010): variance 2 / (fan_in + fan_out).

/// Uniform within √(6 / (fan_in + fan_out)).
package struct GlorotUniform: Initializer {
  package static let word = "glorot_uniform"
  package static let summary =
    "Random numbers spread evenly, with variance 2 / (fan_in + fan_out); also called Xavier."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let fans = Fans(shape)
    return .uniform(shape, within: (6 / (fans.fanIn + fans.fanOut)).squareRoot(), stream)
  }
}
