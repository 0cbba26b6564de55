import CKernels
import NNTensor

/// Attention of several heads, y = softmax(scale · q · kᵀ) · v, whose scores are never in memory but
/// for a few queries at a time.
///
/// The features of all heads stand in one row, as dense layers give them. With fewer heads of keys
/// than of queries, neighbouring heads share theirs.
///
/// - q, y: [batch, m, heads · width]
/// - k, v: [batch, n, keyHeads · width]
/// - mask, where `hasMask`: [batch, n], zero for positions that nobody sees
/// - scales: [batch, heads, 2, m], the largest score of a query and one over the sum of
///   exp(score − largest): what the way back needs to compute the weights once more. No gradient
///   comes from them.
///
/// Position i sees those up to i where `isCausal`; a position that sees nothing gives zeros.
package struct ScaledDotAttention: Op {
  package let heads: Int
  package let keyHeads: Int
  package let scale: Float
  package let isCausal: Bool
  package let hasMask: Bool

  package init(
    heads: Int, keyHeads: Int, scale: Float, isCausal: Bool = false, hasMask: Bool = false
  ) {
    self.heads = heads
    self.keyHeads = keyHeads
    self.scale = scale
    self.isCausal = isCausal
    self.hasMask = hasMask
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (q, k, v) = (inputs[0], inputs[1], inputs[2])
    guard q.isBatched, k.isBatched, q.shape.rank == 2, k.shape.rank == 2, k == v,
      heads > 0, keyHeads > 0, heads % keyHeads == 0, q.shape[1] % heads == 0,
      q.shape[1] / heads * keyHeads == k.shape[1], q.shape.count > 0, k.shape.count > 0,
      !isCausal || q.shape[0] == k.shape[0]
    else {
      throw ShapeError(
        "\(heads) heads with \(keyHeads) of keys have no use for queries \(q.shape), keys "
          + "\(k.shape) and values \(v.shape)")
    }
    if hasMask, inputs[3] != .batched([k.shape[0]]) {
      throw ShapeError("a mask of \(inputs[3].shape) does not fit \(k.shape[0]) positions")
    }
    return [q, .batched([heads, 2, q.shape[0]])]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return site.inputs.map { _ in nil } }
    let gradients = g.makeAll(
      ScaledDotAttentionGradient(attention: self), site.inputs + site.outputs + [dy])
    return gradients + (hasMask ? [nil] : [])
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: (4 * width(inputs) + 5) * scores(inputs, rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { output == 0 ? [0] : [] }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let scratch = try scratch(site.inputs, rows: site.rows, goesBack: false)
    let (q, k, v) = (site.inputs[0].floats, site.inputs[1].floats, site.inputs[2].floats)
    let mask = hasMask ? site.inputs[3].floats : nil
    let (y, scales) = (site.outputs[0].floats, site.outputs[1].floats)
    return Kernel { _ in nn_heads_run(scratch.pointer, q, k, v, mask, y, scales) }
  }

  fileprivate func width(_ inputs: [ValueType]) -> Int { inputs[0].shape[1] / heads }

  /// How many pairs of a query and a key it sees there are.
  fileprivate func scores(_ inputs: [ValueType], rows: Int) -> Int {
    let (m, n) = (inputs[0].shape[0], inputs[1].shape[0])
    return rows * heads * (isCausal ? m * (m + 1) / 2 : m * n)
  }

  fileprivate func scratch(
    _ inputs: [Operand], rows: Int, goesBack: Bool
  ) throws(KernelError) -> Owned {
    let types = inputs.map(\.type)
    var shape = nn_heads_shape()
    shape.samples = Int64(rows)
    shape.heads = Int64(heads)
    shape.key_heads = Int64(keyHeads)
    shape.queries = Int64(types[0].shape[0])
    shape.keys = Int64(types[1].shape[0])
    shape.width = Int64(width(types))
    shape.scale = scale
    shape.is_causal = isCausal
    guard let heads = nn_heads_create(&shape, goesBack) else { throw .last("attention") }
    return Owned(heads, destroy: nn_heads_destroy)
  }
}

/// The gradients of queries, keys and values.
///
/// - inputs: q, k, v, the mask where there is one, y, scales, dy
/// - dq: [batch, m, heads · width]
/// - dk, dv: [batch, n, keyHeads · width]
package struct ScaledDotAttentionGradient: Op {
  let attention: ScaledDotAttention

  /// Where y stands among the inputs.
  private var output: Int { attention.hasMask ? 4 : 3 }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    Array(inputs[..<3])
  }

  /// Five products: the scores once more, and two gradients of two products.
  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: (10 * attention.width(inputs) + 7) * attention.scores(inputs, rows: rows))
  }

  /// A block of queries is read before its gradient is written; keys and values are packed before
  /// the first of theirs is.
  package func inputsSafeToOverwrite(byOutput gradient: Int) -> [Int] {
    gradient == 0 ? [0, output, output + 2] : [gradient]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let scratch = try attention.scratch(site.inputs, rows: site.rows, goesBack: true)
    let inputs = site.inputs.map(\.floats)
    let mask = attention.hasMask ? inputs[3] : nil
    let (y, scales, dy) = (inputs[output], inputs[output + 1], inputs[output + 2])
    let (q, k, v) = (inputs[0], inputs[1], inputs[2])
    let (dq, dk, dv) = (site.outputs[0].floats, site.outputs[1].floats, site.outputs[2].floats)
    return Kernel { _ in
      nn_heads_gradient(scratch.pointer, q, k, v, mask, y, scales, dy, dq, dk, dv)
    }
  }
}
