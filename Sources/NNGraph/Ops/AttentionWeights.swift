import CKernels
import NNTensor

/// How much each position looks at each other: softmax(scale · scores) over the positions that may
/// be seen; zeros where none may.
///
/// - scores, y: [batch, heads, m, n]
/// - mask, where `hasMask`: [batch, n], zero for positions that nobody sees
///
/// Position i sees those up to i where `isCausal`.
package struct AttentionWeights: Op {
  package let scale: Float
  package let isCausal: Bool
  package let hasMask: Bool

  package init(scale: Float, isCausal: Bool = false, hasMask: Bool = false) {
    self.scale = scale
    self.isCausal = isCausal
    self.hasMask = hasMask
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let scores = inputs[0]
    guard scores.shape.rank == 3, scores.isBatched, !isCausal || scores.shape[1] == scores.shape[2]
    else { throw ShapeError("\(scores.shape) are no scores of attention") }
    if hasMask, inputs[1] != .batched([scores.shape[2]]) {
      throw ShapeError("a mask of \(inputs[1].shape) does not fit \(scores.shape[2]) positions")
    }
    return [scores]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return site.inputs.map { _ in nil } }
    let dx = g.make(AttentionWeightsGradient(scale: scale), site.outputs[0], dy)
    return hasMask ? [dx, nil] : [dx]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 5 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [0] }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let (heads, m, n) = (outputs[0].shape[0], outputs[0].shape[1], outputs[0].shape[2])
    for row in 0..<(result.values.count / n) {
      let sample = row / (heads * m)
      let seen = (0..<n).filter { column in
        (!isCausal || column <= row % m) && (!hasMask || inputs[1].values[sample * n + column] != 0)
      }
      let scores = seen.map { inputs[0].values[row * n + $0] * Double(scale) }
      // Subtract the maximum so that exp cannot overflow.
      let largest = scores.max() ?? 0
      let terms = scores.map { UnaryFunction.exp($0 - largest) }
      let total = terms.reduce(0, +)
      for (column, term) in zip(seen, terms) { result.values[row * n + column] = term / total }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let mask = hasMask ? site.inputs[1].floats : nil
    var shape = attention(site, scale: scale, isCausal: isCausal)
    return Kernel { _ in nn_attention_weights(&shape, x, mask, y) }
  }
}

/// The gradient of the scores from the weights and their gradient.
///
/// - y, dy, dx: [batch, heads, m, n]
package struct AttentionWeightsGradient: Op {
  package let scale: Float

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 5 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [1] }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let (y, dy) = (inputs[0].values, inputs[1].values)
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let n = outputs[0].shape[2]
    for first in stride(from: 0, to: y.count, by: n) {
      let sum = (first..<first + n).reduce(0.0) { $0 + y[$1] * dy[$1] }
      for index in first..<first + n {
        result.values[index] = Double(scale) * y[index] * (dy[index] - sum)
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (y, dy, dx) = (site.inputs[0].floats, site.inputs[1].floats, site.outputs[0].floats)
    var shape = attention(site, scale: scale, isCausal: false)
    return Kernel { _ in nn_attention_weights_gradient(&shape, y, dy, dx) }
  }
}

private func attention(_ site: KernelSite, scale: Float, isCausal: Bool) -> nn_attention {
  let sizes = site.outputs[0].type.shape.sizes
  return nn_attention(
    samples: Int64(site.rows), heads: Int64(sizes[0]), rows: Int64(sizes[1]),
    columns: Int64(sizes[2]), scale: scale, is_causal: isCausal)
}
