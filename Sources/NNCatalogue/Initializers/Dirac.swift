package import NNGraph
import NNModel
package import NNTensor

/// Filters [out, in, kernel…] that pass their inputs on: a one in the middle of the kernel of output
/// i and input i, within each group.
package struct Dirac: Initializer {
  package static let word = "dirac"
  package static let summary =
    "Filters of a convolution that pass their channels on unchanged. Matrices have identity."

  @Field("Groups of outputs, each of which takes the inputs from the first.", range: .atLeast(1))
  package var groups = 1

  package init() {}

  package func check(_ shape: Shape) throws(ShapeError) {
    guard (3...5).contains(shape.rank) else {
      throw ShapeError(
        "'dirac' is for the filters of a convolution, and these parameters are \(shape)",
        help: shape.rank == 2 ? "Take identity for a matrix." : nil)
    }
    guard shape[0].isMultiple(of: groups) else {
      throw ShapeError("\(groups) groups do not divide the \(shape[0]) filters of 'dirac'")
    }
  }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    var tensor = Tensor(shape, filledWith: 0)
    let strides = shape.strides
    let middle = (2..<shape.rank).reduce(0) { $0 + shape[$1] / 2 * strides[$1] }
    let perGroup = shape[0] / groups
    for group in 0..<groups {
      for index in 0..<min(perGroup, shape[1]) {
        let place = (group * perGroup + index) * strides[0] + index * strides[1] + middle
        tensor.values[place] = 1
      }
    }
    return tensor
  }
}
