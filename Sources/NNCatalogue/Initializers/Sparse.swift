package import NNModel
package import NNTensor

/// Normal numbers, of which in each column some are zero; Martens, "Deep Learning via Hessian-Free
/// Optimization" (2010).
///
/// A tensor [out, …] counts as the matrix [out, rest], a vector as one column.
package struct Sparse: Initializer {
  package static let word = "sparse"
  package static let summary =
    "Normally distributed random numbers, a share of which is zero: for each input as many outputs."

  @Field("The share of zeros.", principal: true, range: .between(0, 1))
  package var sparsity: Double
  @Field("The standard deviation of the others.", range: .positive)
  package var deviation = 0.01

  package init() {}

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    var tensor = Tensor.normal(shape, deviation: deviation, stream)
    let rows = shape.rank > 0 ? shape[0] : 1
    let columns = shape.count / rows
    let zeros = Int((sparsity * Double(rows)).rounded(.up))
    for column in 0..<columns {
      // The first step's numbers are those of the values.
      for row in stream.permutation(of: rows, step: UInt64(column) + 1).prefix(zeros) {
        tensor.values[row * columns + column] = 0
      }
    }
    return tensor
  }
}
