import NNModel
package import NNTensor

// LeCun et al., "Efficient BackProp" (1998): variance 1 / fan_in.

/// Normal with variance 1 / fan_in.
package struct LeCunNormal: Initializer {
  package static let word = "lecun_normal"
  package static let summary =
    "Normally distributed random numbers with variance 1 / fan_in, as selu wants them."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .normal(shape, deviation: (1 / Fans(shape).fanIn).squareRoot(), stream)
  }
}
