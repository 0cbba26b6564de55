import NNModel
package import NNTensor

// He et al., "Delving Deep into Rectifiers" (2015): variance 2 / fan_in.

/// Normal with variance 2 / fan_in.
package struct HeNormal: Initializer {
  package static let word = "he_normal"
  package static let summary = "Normally distributed random numbers with variance 2 / fan_in."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .normal(shape, deviation: (2 / Fans(shape).fanIn).squareRoot(), stream)
  }
}
