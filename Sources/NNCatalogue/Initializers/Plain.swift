import NNModel
package import NNTensor

/// Evenly spread around zero.
package struct Uniform: Initializer {
  package static let word = "uniform"
  package static let summary = "Random numbers spread evenly between -limit and limit."

  @Field("The greatest absolute value.", principal: true, range: .positive)
  package var limit = 0.05

  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .uniform(shape, within: limit, stream)
  }
}

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
