import NNGraph
import NNModel
import NNTensor

/// Centres and scales groups of channels of each sample by their own statistics.
struct GroupedNormalisation {
  let groups: Int
  let eps: Double
  let affine: Bool

  /// y = (x − mean) / √(variance + eps) · gain + offset, the mean and the (biased) variance over
  /// all elements of a group.
  ///
  /// Sums go channel by channel first, so that images may lie in any order in memory.
  ///
  /// - x, result: [batch, channels, …]
  /// - parameters: weight, bias [channels]
  func lower(_ x: Value, _ b: inout LayerBuilder) -> Value {
    let shape = b.shape(x)
    let channels = shape[0]
    let share = Expression(Double(groups) / Double(shape.count))
    let spread = Broadcast(to: shape, axes: [0])
    let mean = ofChannels(b.g.elementwise(.value(sums(of: x, &b)) * share), channels, &b)
    let centred = b.g.elementwise(.value(x) - .value(b.g.make(spread, mean)))
    let squares = b.g.elementwise(square(.value(centred)))
    let variance = Expression.value(sums(of: squares, &b)) * share
    let inverse = ofChannels(b.g.elementwise(rsqrt(variance + Expression(eps))), channels, &b)
    let scaled = Expression.value(centred) * .value(b.g.make(spread, inverse))
    guard affine else { return b.g.elementwise(scaled) }
    let gain = b.parameter("weight", [channels], role: .gain, initializer: FilledWith(value: 1))
    let offset = b.parameter("bias", [channels], role: .offset, initializer: FilledWith(value: 0))
    return b.g.elementwise(
      scaled * b.broadcast(gain, like: x, axis: 0) + b.broadcast(offset, like: x, axis: 0))
  }

  /// The sum of each group: [batch, channels, …] to [batch, groups].
  private func sums(of x: Value, _ b: inout LayerBuilder) -> Value {
    let shape = b.shape(x)
    let inner = Array(1..<shape.rank)
    let ofChannels =
      inner.isEmpty ? x : b.g.make(ReduceSum(axes: inner, rank: shape.rank, overBatch: false), x)
    guard groups < shape[0] else { return ofChannels }
    let grouped = b.g.make(Reshape([groups, shape[0] / groups]), ofChannels)
    return b.g.make(ReduceSum(axes: [1], rank: 2, overBatch: false), grouped)
  }

  /// A group's number for each of its channels: [batch, groups] to [batch, channels].
  private func ofChannels(_ x: Value, _ channels: Int, _ b: inout LayerBuilder) -> Value {
    guard groups < channels else { return x }
    let spread = b.g.make(Broadcast(to: [groups, channels / groups], axes: [0]), x)
    return b.g.make(Reshape([channels]), spread)
  }
}
