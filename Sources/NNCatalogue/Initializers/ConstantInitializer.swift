package import NNModel
package import NNTensor

/// One number everywhere.
package struct ConstantInitializer: Initializer {
  package static let word = "constant"
  package static let summary = "The same number everywhere."

  @Field("The number.", principal: true)
  package var value: Double

  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: Float(value))
  }
}
