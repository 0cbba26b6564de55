import CKernels
import NNTensor

/// Sums over axes of a sample, over the samples, or both.
package struct ReduceSum: Op {
  /// The axes of a sample that are summed over, ascending.
  package let axes: [Int]
  /// How many axes a sample has.
  package let rank: Int
  /// Whether to sum over the samples as well; the sum is then of this shard's samples only.
  package let overBatch: Bool

  package init(axes: [Int], rank: Int, overBatch: Bool) {
    self.axes = axes
    self.rank = rank
    self.overBatch = overBatch
  }

  private var kept: [Int] { (0..<rank).filter { !axes.contains($0) } }

  /// Channels-last images will do where the axes that stay keep their order.
  package var layout: LayoutRule { kept.count <= 1 ? .anyInput : .plain }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let input = inputs[0]
    guard input.shape.rank == rank, axes.allSatisfy({ $0 < rank }) else {
      throw ShapeError("cannot sum \(input.shape) over the axes \(axes)")
    }
    return [
      ValueType(Shape(kept.map { input.shape[$0] }), isBatched: input.isBatched && !overBatch)
    ]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let input = g.type(site.inputs[0])
    return [g.make(Broadcast(to: input.shape, isBatched: input.isBatched, axes: kept), dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let strides = Shape(result.sizes).strides
    var position = 0
    forEachIndex(inputs[0].sizes) { index in
      let sample = inputs[0].type.isBatched ? Array(index.dropFirst()) : index
      var offset = outputs[0].isBatched ? index[0] * strides[0] : 0
      let first = outputs[0].isBatched ? 1 : 0
      for (place, axis) in kept.enumerated() { offset += sample[axis] * strides[first + place] }
      result.values[offset] += inputs[0].values[position]
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let x = site.inputs[0]
    let y = site.outputs[0].floats
    let runs = runs(x)
    // Each pass sums over the last run that is summed over, keeping what is outside and inside.
    var passes: [(outer: Int, middle: Int, inner: Int)] = []
    var sizes = runs.map(\.size)
    for place in runs.indices.reversed() where runs[place].isSummed {
      passes.append(
        (
          sizes[..<place].reduce(1, *), sizes[place], sizes[(place + 1)...].reduce(1, *)
        ))
      sizes[place] = 1
    }
    guard let first = passes.first else {
      let count = x.count
      return Kernel { _ in y.update(from: x.floats, count: count) }
    }
    guard passes.count > 1 else {
      return Kernel { _ in
        nn_reduce_sum(x.floats, y, Int64(first.outer), Int64(first.middle), Int64(first.inner))
      }
    }
    let scratch = Scratch(elementCount: 2 * first.outer * first.inner)
    let half = first.outer * first.inner
    return Kernel { _ in
      var source = UnsafePointer(x.floats)
      for (number, pass) in passes.enumerated() {
        let isLast = number == passes.count - 1
        let target = isLast ? y : scratch.floats + (number % 2) * half
        nn_reduce_sum(source, target, Int64(pass.outer), Int64(pass.middle), Int64(pass.inner))
        source = UnsafePointer(target)
      }
    }
  }

  /// The axes in memory order, neighbours with the same fate joined.
  private func runs(_ x: Operand) -> [(size: Int, isSummed: Bool)] {
    var all = x.layout.axes(rank: rank).map {
      (size: x.type.shape[$0], isSummed: axes.contains($0))
    }
    if x.type.isBatched { all.insert((x.rows, overBatch), at: 0) }
    var joined: [(size: Int, isSummed: Bool)] = []
    for axis in all where axis.size != 1 {
      if let last = joined.last, last.isSummed == axis.isSummed {
        joined[joined.count - 1].size *= axis.size
      } else {
        joined.append(axis)
      }
    }
    return joined
  }
}

/// Memory a kernel needs for itself while it runs.
final class Scratch {
  private let buffer: TensorBuffer

  init(elementCount: Int) {
    buffer = TensorBuffer(elementCount: elementCount)
  }

  var floats: UnsafeMutablePointer<Float> { buffer.floats() }
}
