package import NNGraph
import NNModel
package import NNTensor

/// Orthonormal rows or columns, whichever are fewer, times a gain; Saxe et al., "Exact Solutions to
/// the Nonlinear Dynamics of Learning in Deep Linear Neural Networks" (2013).
///
/// A tensor [out, …] counts as the matrix [out, rest].
package struct Orthogonal: Initializer {
  package static let word = "orthogonal"
  package static let summary =
    "A random matrix whose rows or columns are at right angles and of length 1."

  @Field("What the matrix is multiplied by.", principal: true, range: .positive)
  package var gain = 1.0

  package init() {}

  /// Multiplications that take minutes.
  private static let mostWork = 1e12

  package func check(_ shape: Shape) throws(ShapeError) {
    let rows = Double(shape.rank > 1 ? shape[0] : 1)
    let columns = shape.sizes.dropFirst(shape.rank > 1 ? 1 : 0).reduce(1) { $0 * Double($1) }
    guard rows * columns * min(rows, columns) > Self.mostWork else { return }
    throw ShapeError(
      "an orthogonal matrix of \(shape) would take longer to make than it is worth",
      help: "Take another initializer for a layer of this size.")
  }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let rows = shape.rank > 1 ? shape[0] : 1
    let columns = shape.count / rows
    let (length, count) = (max(rows, columns), min(rows, columns))
    let vectors = orthonormal(
      (0..<count).map { vector in
        (0..<length).map { stream.normal(at: UInt64(vector * length + $0)) }
      })
    return Tensor(
      shape,
      (0..<shape.count).map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: columns)
        return Float(gain * (rows < columns ? vectors[row][column] : vectors[column][row]))
      })
  }
}
