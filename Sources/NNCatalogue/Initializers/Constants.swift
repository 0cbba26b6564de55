package import NNModel
package import NNTensor

/// All zeros.
package struct Zeros: Initializer {
  package static let word = "zeros"
  package static let summary = "All zeros."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: 0)
  }
}

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
