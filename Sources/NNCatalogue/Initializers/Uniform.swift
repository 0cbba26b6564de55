import NNModel
package import NNTensor

/// Evenly spread around zero.
package struct Uniform: Initializer {
  package static let word = "uniform"
  package static let summary = "Random numbers spread evenly between -limit and limit."

  @Field("The greatest absolute value.", principal: true, range: .positive)
  package var limit = 0.05

  package init() {}

  package init(within limit: Double) {
    self.limit = limit
  }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    .uniform(shape, within: limit, stream)
  }
}
