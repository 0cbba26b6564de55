package import NNGraph
package import NNModel
import NNTensor

/// One vector of a sequence: the mean, the sum, the largest or the last of the places that may be
/// seen.
///
/// - input: [batch, length, features]
/// - output: [batch, features]
package struct SequencePool: Layer {
  package static let word = "sequence_pool"
  package static let summary = """
    Makes one vector of a sequence [length, features]: the mean, sum or max of each feature over its \
    places, or the last place. With a mask padding counts for nothing, and a sequence of padding alone \
    gives zeros.
    """

  package enum Function: String, WordChoice {
    case mean, sum, max, last
  }

  @Field("What is taken of the places.", principal: true)
  package var function = Function.mean
  @Field(
    "The name of what tells which places count: [length] numbers, zero for those that do not; or "
      + "an input of indices, whose padding does not.")
  package var mask: String? = nil
  @Field(
    "The index that does not count, where the mask is an input of indices.", range: .atLeast(0))
  package var padding = 0

  package init() {}

  package var furtherReferences: [String] { mask.map { [$0] } ?? [] }
  package var takesIndices: Bool { mask != nil }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard shape.rank == 2, b.g.type(x).isBatched, b.g.type(x).dataType == .float32 else {
      throw ShapeError(
        "'sequence_pool' needs a sequence [length, features], found "
          + (b.g.type(x).dataType == .int32 ? "indices" : "\(shape)"),
        help: "Look vectors of indices up with embedding first.")
    }
    try b.checkSize(shape)
    guard inputs.count > 1 else { return pooled(x, &b) }
    let mask = try b.keyMask(inputs[1], length: shape[0], padding: padding, Self.word)
    // Whether a place counts is no matter of degree, so nothing is learnt about it.
    let seen = b.g.make(Detach(), b.g.elementwise(step(absolute(.value(mask)))))
    return pooled(x, seen: seen, &b)
  }

  /// Of all places.
  private func pooled(_ x: Value, _ b: inout LayerBuilder) -> Value {
    let shape = b.shape(x)
    switch function {
    case .mean: return b.g.elementwise(.value(sum(x, &b)) * Expression(1 / Double(shape[0])))
    case .sum: return sum(x, &b)
    case .max: return b.g.make(ReduceMax(axis: 0), x)
    case .last:
      let last = b.g.make(Slice(axis: 0, start: shape[0] - 1, count: 1), x)
      return b.g.make(Reshape([shape[1]]), last)
    }
  }

  /// Of the places that count.
  ///
  /// - seen: [batch, length], one or zero
  private func pooled(_ x: Value, seen: Value, _ b: inout LayerBuilder) -> Value {
    let features: Shape = [b.shape(x)[1]]
    let each = b.broadcast(seen, like: x, axis: 0)
    let count = b.g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), seen)
    let counts = Expression.value(b.g.make(Broadcast(to: features, axes: []), count))
    switch function {
    case .sum, .mean:
      let sum = sum(b.g.elementwise(.value(x) * each), &b)
      return function == .sum ? sum : b.g.elementwise(.value(sum) / maximum(counts, 1))
    case .max:
      let hidden = Expression.constant(-.greatestFiniteMagnitude)
      let largest = b.g.make(
        ReduceMax(axis: 0), b.g.elementwise(.select(each, .value(x), hidden)))
      return b.g.elementwise(.select(counts, .value(largest), .constant(0)))
    case .last:
      // The last that counts is the one with which the count is complete.
      let soFar = b.g.make(CumulativeSum(), seen)
      let all = b.g.make(Broadcast(to: b.shape(seen), axes: []), count)
      let isLast = b.g.elementwise(
        .value(seen) * .binary(.greaterEqual, .value(soFar), .value(all)))
      return sum(
        b.g.elementwise(.value(x) * b.broadcast(isLast, like: x, axis: 0)), &b)
    }
  }

  /// Over the places.
  private func sum(_ x: Value, _ b: inout LayerBuilder) -> Value {
    b.g.make(ReduceSum(axes: [0], rank: 2, overBatch: false), x)
  }
}
