import NNModel
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
