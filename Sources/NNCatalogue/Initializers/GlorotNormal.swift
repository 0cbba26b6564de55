import NNModel
package import NNTensor

// Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks"
// (2010): variance 2 / (fan_in + fan_out).

/// Normal with variance 2 / (fan_in + fan_out).
package struct GlorotNormal: Initializer {
  package static let word = "glorot_normal"
  package static let summary =
    "Normally distributed random numbers with variance 2 / (fan_in + fan_out)."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let fans = Fans(shape)
    return .normal(shape, deviation: (2 / (fans.fanIn + fans.fanOut)).squareRoot(), stream)
  }
}
