import NNGraph
import NNTensor

extension GraphBuilder {
  /// The sum of all elements of a tensor, as a single number.
  mutating func sum(_ x: Expression) -> Expression {
    let value = elementwise(x)
    let rank = shape(value).rank
    return .value(make(ReduceSum(axes: Array(0..<rank), rank: rank, overBatch: false), value))
  }

  /// The Euclidean norm of a tensor.
  mutating func norm(_ x: Expression) -> Expression { sqrt(sum(square(x))) }
}

/// The first over the second where both are above zero, else one: how far a layer may move beside
/// how far it would.
func trustRatio(_ norm: Expression, over other: Expression) -> Expression {
  select(greater(norm, 0), select(greater(other, 0), norm / other, 1), 1)
}
