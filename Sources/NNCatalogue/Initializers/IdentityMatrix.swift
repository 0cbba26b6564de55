package import NNGraph
import NNModel
package import NNTensor

/// Ones, or a gain, on the diagonal.
package struct IdentityMatrix: Initializer {
  package static let word = "identity"
  package static let summary =
    "The identity: each output begins as its input. For matrices; filters have dirac."

  @Field("What stands on the diagonal.", principal: true)
  package var gain = 1.0

  package init() {}

  package func check(_ shape: Shape) throws(ShapeError) {
    guard shape.rank == 2 else {
      throw ShapeError(
        "'identity' is a matrix, and these parameters are \(shape)",
        help: shape.rank > 2 ? "Take dirac for filters." : "Take constant for a vector.")
    }
  }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    var tensor = Tensor(shape, filledWith: 0)
    for index in 0..<min(shape[0], shape[1]) {
      tensor.values[index * shape[1] + index] = Float(gain)
    }
    return tensor
  }
}
