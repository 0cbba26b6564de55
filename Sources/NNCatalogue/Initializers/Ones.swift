import NNModel
package import NNTensor

/// All ones.
package struct Ones: Initializer {
  package static let word = "ones"
  package static let summary = "All ones."
  package init() {}
  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: 1)
  }
}
