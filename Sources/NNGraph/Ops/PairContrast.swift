import CKernels
import NNTensor

/// How well each of two views of a sample is told from all other samples' views: the normalised,
/// temperature-scaled cross entropy of Chen, Kornblith, Norouzi and Hinton, "A Simple Framework
/// for Contrastive Learning of Visual Representations" (2020).
///
/// With z = [left; right], 2n vectors, and s = z zᵀ / temperature, a view's loss is
/// −log(exp(s[i, pair of i]) / Σ exp(s[i, k]) over all k but i), a sample's the mean of its two.
///
/// - left, right: [batch, features], of length one
/// - loss: [batch]
package struct PairContrast: WholeBatchOp {
  package let temperature: Double

  package init(temperature: Double) { self.temperature = temperature }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.rank == 1, inputs[0] == inputs[1], inputs[0].isBatched else {
      throw ShapeError("cannot compare \(inputs[0].shape) with \(inputs[1].shape)")
    }
    return [.batched(.scalar)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    return g.makeAll(PairContrastGradient(temperature: temperature), site.inputs + [dy])
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 8 * rows * rows * (inputs[0].shape.count + 2))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let shares = pairShares(inputs, rows, temperature)
    let each = (0..<(2 * rows)).map { -UnaryFunction.log(shares[$0][($0 + rows) % (2 * rows)]) }
    let losses = (0..<rows).map { (each[$0] + each[$0 + rows]) / 2 }
    return [ReferenceTensor(outputs[0], rows: rows, losses)]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let similarities = try PairSimilarities(site, temperature: temperature)
    let (rows, loss) = (site.rows, site.outputs[0].floats)
    return Kernel { position in
      let logs = similarities.fill(isLogarithm: true, position)
      let count = 2 * rows
      for row in 0..<rows {
        loss[row] = -0.5 * (logs[row * count + row + rows] + logs[(row + rows) * count + row])
      }
    }
  }
}

/// The gradients of both views.
///
/// - inputs: left and right, [batch, features]; dloss, [batch]
/// - outputs: dleft, dright
package struct PairContrastGradient: WholeBatchOp {
  let temperature: Double

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0], inputs[1]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 16 * rows * rows * (inputs[0].shape.count + 2))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let shares = pairShares(inputs, rows, temperature)
    let width = inputs[0].type.shape.count
    let z = inputs[0].values + inputs[1].values
    var dz = [Double](repeating: 0, count: z.count)
    for i in 0..<(2 * rows) {
      let dloss = inputs[2].values[i % rows] / 2
      for k in 0..<(2 * rows) where k != i {
        let isPair = k == (i + rows) % (2 * rows)
        let ds = dloss * (shares[i][k] - (isPair ? 1 : 0)) / temperature
        for d in 0..<width {
          dz[i * width + d] += ds * z[k * width + d]
          dz[k * width + d] += ds * z[i * width + d]
        }
      }
    }
    let half = rows * width
    return [
      ReferenceTensor(outputs[0], rows: rows, Array(dz[..<half])),
      ReferenceTensor(outputs[1], rows: rows, Array(dz[half...])),
    ]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let similarities = try PairSimilarities(site, temperature: temperature)
    let (rows, width) = (site.rows, site.inputs[0].type.shape.count)
    let count = 2 * rows
    let dz = Scratch(elementCount: count * width)
    let both = Scratch(elementCount: count * count)
    let product = try matmul(
      m: count, n: width, k: count, a: both.operand([count, count]),
      b: similarities.z.operand([count, width]), c: dz.operand([count, width]))
    let dloss = site.inputs[2].floats
    let outputs = site.outputs.map(\.floats)
    let scale = Float(0.5 / temperature)
    return Kernel { position in
      let shares = similarities.fill(isLogarithm: false, position)
      for i in 0..<rows {
        shares[i * count + i + rows] -= 1
        shares[(i + rows) * count + i] -= 1
      }
      // s[i, k] pulls at both its vectors, so its gradient is added to that of s[k, i].
      for i in 0..<count {
        for k in 0..<count {
          let own = dloss[i % rows] * shares[i * count + k]
          both.floats[i * count + k] = scale * (own + dloss[k % rows] * shares[k * count + i])
        }
      }
      product.run(position)
      outputs[0].update(from: dz.floats, count: rows * width)
      outputs[1].update(from: dz.floats + rows * width, count: rows * width)
    }
  }
}

/// exp(s[i, k]) / Σ exp(s[i, j]) over all j but i, zero on the diagonal.
private func pairShares(
  _ inputs: [ReferenceTensor], _ rows: Int, _ temperature: Double
) -> [[Double]] {
  let width = inputs[0].type.shape.count
  let z = inputs[0].values + inputs[1].values
  return (0..<(2 * rows)).map { i in
    let similarities = (0..<(2 * rows)).map { k in
      (0..<width).reduce(0.0) { $0 + z[i * width + $1] * z[k * width + $1] } / temperature
    }
    let largest = similarities.max() ?? 0
    let terms = similarities.enumerated().map {
      $0.offset == i ? 0 : UnaryFunction.exp($0.element - largest)
    }
    let total = terms.reduce(0, +)
    return terms.map { $0 / total }
  }
}

/// The similarities of all views of a batch with each other, in memory of their own.
private final class PairSimilarities {
  /// Both views one behind the other, [2 · batch, features].
  let z: Scratch
  private let matrix: Scratch
  private let product: Kernel
  private let sources: [UnsafePointer<Float>]
  private let rows: Int
  private let width: Int
  private let scale: Float

  init(_ site: KernelSite, temperature: Double) throws(KernelError) {
    rows = site.rows
    width = site.inputs[0].type.shape.count
    scale = Float(1 / temperature)
    z = Scratch(elementCount: 2 * rows * width)
    matrix = Scratch(elementCount: 4 * rows * rows)
    sources = [UnsafePointer(site.inputs[0].floats), UnsafePointer(site.inputs[1].floats)]
    let views = z.operand([2 * rows, width])
    product = try matmul(
      m: 2 * rows, n: 2 * rows, k: width, transposeB: true, a: views, b: views,
      c: matrix.operand([2 * rows, 2 * rows]))
  }

  /// The softmax of each row without its own view, or its logarithm: [2 · batch, 2 · batch].
  func fill(isLogarithm: Bool, _ position: RunPosition) -> UnsafeMutablePointer<Float> {
    let count = 2 * rows
    for (index, view) in sources.enumerated() {
      (z.floats + index * rows * width).update(from: view, count: rows * width)
    }
    product.run(position)
    let s = matrix.floats
    for place in 0..<(count * count) { s[place] *= scale }
    // A view is not told from itself.
    for row in 0..<count { s[row * count + row] = -.infinity }
    if isLogarithm {
      nn_log_softmax(s, s, Int64(count), Int64(count))
    } else {
      nn_softmax(s, s, Int64(count), Int64(count))
    }
    return s
  }
}

extension Scratch {
  /// The memory as a tensor.
  fileprivate func operand(_ shape: Shape) -> Operand {
    Operand(pointer: UnsafeMutableRawPointer(floats), type: .single(shape), layout: .plain, rows: 1)
  }
}
