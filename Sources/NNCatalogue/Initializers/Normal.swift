import NNModel
package import NNTensor

/// Normally distributed.
package struct Normal: Initializer {
  package static let word = "normal"
  package static let summary = "Normally distributed random numbers."

  @Field("Their standard deviation.", principal: true, range: .positive)
  package var deviation = 0.05
  @Field("Their mean.")
  package var mean = 0.0

  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .normal(shape, mean: mean, deviation: deviation, stream)
  }
}
