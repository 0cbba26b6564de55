import NNModel
package import NNTensor

// LeCun et al., "Efficient BackProp" (1998): variance 1 / fan_in.

/// Uniform within √(3 / fan_in).
package struct LeCunUniform: Initializer {
  package static let word = "lecun_uniform"
  package static let summary = "Random numbers spread evenly, with variance 1 / fan_in."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .uniform(shape, within: (3 / Fans(shape).fanIn).squareRoot(), stream)
  }
}
