import CKernels
import NNTensor

/// An op over the whole batch: every shard brings its part, the parts are combined in one fixed
/// tree, and all shards read the same result. Its kernel does nothing; the engine combines.
package protocol CollectiveOp: Op {
  /// Combines another shard's part into one, `count` elements each.
  var combine: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void { get }
}

extension CollectiveOp {
  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] { inputs }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    // The reference runs the batch as one shard.
    inputs
  }

  package func kernel(_ site: KernelSite) -> Kernel { Kernel { _ in } }
}

/// The sum over all shards; its gradient is the sum of theirs.
package struct AllReduceSum: CollectiveOp {
  package init() {}

  package var combine: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void {
    { nn_accumulate($0, $1, Int64($2)) }
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(AllReduceSum(), dy)]
  }
}

/// Joins the moments of shards to those of the batch.
///
/// Chan, Golub and LeVeque, "Updating formulae and a pairwise algorithm for computing sample
/// variances" (1979).
package struct AllReduceMoments: CollectiveOp {
  package var combine: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void {
    { nn_merge_moments($0, $1, Int64($2 / 3)) }
  }
}

/// Count, mean and sum of squared deviations of each channel over this shard.
///
/// - x: [batch, channels, …]
/// - result: [3, channels]
package struct LocalMoments: Op {
  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.single([3, inputs[0].shape[0]])]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 4 * inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let x = inputs[0]
    let channels = outputs[0].shape[1]
    let plane = x.type.shape.count / channels
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    for channel in 0..<channels {
      let values = x.values.indices.filter { $0 / plane % channels == channel }.map { x.values[$0] }
      let mean = values.reduce(0, +) / Double(values.count)
      result.values[channel] = Double(values.count)
      result.values[channels + channel] = mean
      result.values[2 * channels + channel] = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, result) = (site.inputs[0].floats, site.outputs[0].floats)
    let channels = site.outputs[0].type.shape[1]
    let rows = Int64(site.inputs[0].count / channels)
    return Kernel { _ in nn_moments(x, result, rows, Int64(channels)) }
  }
}

/// Gives the batch's mean and variance as functions of the input, so that gradients flow.
///
/// - inputs: x as in ``LocalMoments``; count, mean and variance, [channels] each
/// - outputs: the same mean and variance
package struct AttachMoments: Op {
  package var layout: LayoutRule { .anyInput }
  package var aliases: [Int?] { [2, 3] }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[2], inputs[3]]
  }

  /// With n values a channel: ∂mean/∂x = 1/n and ∂variance/∂x = 2 (x − mean)/n. Every shard's
  /// gradients count, because every shard's output depends on this shard's input.
  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    let (x, count, mean) = (site.inputs[0], site.inputs[1], site.inputs[2])
    let channelAxis = Broadcast(to: g.shape(x), axes: [0])
    var dx: Expression?
    if let dmean = site.gradients[0] {
      let total = g.make(AllReduceSum(), dmean)
      let share = g.elementwise(.value(total) / .value(count))
      dx = .value(g.make(channelAxis, share))
    }
    if let dvariance = site.gradients[1] {
      let total = g.make(AllReduceSum(), dvariance)
      let share = g.elementwise(2 * .value(total) / .value(count))
      let centred = Expression.value(x) - .value(g.make(channelAxis, mean))
      let part = centred * .value(g.make(channelAxis, share))
      dx = dx.map { $0 + part } ?? part
    }
    return [dx.map { g.elementwise($0) }, nil, nil, nil]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [inputs[2], inputs[3]]
  }

  package func kernel(_ site: KernelSite) -> Kernel { Kernel { _ in } }
}

extension GraphBuilder {
  /// The count, mean and (biased) variance of each channel over the whole batch.
  ///
  /// - x: [batch, channels, …]
  package mutating func batchMoments(
    _ x: Value
  ) -> (count: Value, mean: Value, variance: Value) {
    let channels = shape(x)[0]
    let moments = make(AllReduceMoments(), make(LocalMoments(), x))
    func row(_ index: Int, _ g: inout GraphBuilder) -> Value {
      g.make(Reshape([channels]), g.make(Slice(axis: 0, start: index, count: 1), moments))
    }
    let (count, mean, squares) = (row(0, &self), row(1, &self), row(2, &self))
    let variance = elementwise(.value(squares) / .value(count))
    let attached = makeAll(AttachMoments(), [x, count, mean, variance])
    return (count, attached[0], attached[1])
  }
}
