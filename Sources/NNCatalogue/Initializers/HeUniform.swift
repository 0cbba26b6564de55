import NNModel
package import NNTensor

// He et al., "Delving Deep into Rectifiers" (2015): variance 2 / fan_in.

/// Uniform within √(6 / fan_in).
package struct HeUniform: Initializer {
  package static let word = "he_uniform"
  package static let summary =
    "Random numbers spread evenly, with variance 2 / fan_in, for rectifiers; also called Kaiming."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .uniform(shape, within: (6 / Fans(shape).fanIn).squareRoot(), stream)
  }
}
