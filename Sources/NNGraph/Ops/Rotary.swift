import CKernels
import NNTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Turns pairs of features by angles that grow with the position, so that products of two vectors
/// depend on how far apart they stand; Su et al., "RoFormer: Enhanced Transformer with Rotary
/// Position Embedding" (2021).
///
/// Feature i of the first half is paired with feature i of the second, as in Llama, not with its
/// neighbour; position t turns pair i of d/2 by t · base^(−2i/d).
///
/// - x, y: [batch, …, positions, heads · d]; every head is turned alike
package struct Rotary: Op {
  package let base: Double
  package let heads: Int
  /// Whether it turns back: its own gradient.
  package let isInverse: Bool

  package init(base: Double, heads: Int = 1, isInverse: Bool = false) {
    self.base = base
    self.heads = heads
    self.isInverse = isInverse
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let shape = inputs[0].shape
    guard shape.rank >= 2, shape[shape.rank - 1] % (2 * heads) == 0 else {
      throw ShapeError("rotary positions take pairs of features, found \(shape)")
    }
    return inputs
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    site.gradients.map { dy in
      dy.map { g.make(Rotary(base: base, heads: heads, isInverse: !isInverse), $0) }
    }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 3 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [0] }

  private func angle(_ position: Int, _ pair: Int, half: Int) -> Double {
    let angle = Double(position) * pow(base, -Double(pair) / Double(half))
    return isInverse ? -angle : angle
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let x = inputs[0].values
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let (positions, half) = positionsAndHalf(outputs[0].shape)
    for row in 0..<(x.count / (2 * half)) {
      for i in 0..<half {
        let angle = angle(row / heads % positions, i, half: half)
        let (a, b) = (row * 2 * half + i, row * 2 * half + half + i)
        result.values[a] = x[a] * cos(angle) - x[b] * sin(angle)
        result.values[b] = x[b] * cos(angle) + x[a] * sin(angle)
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (positions, half) = positionsAndHalf(site.outputs[0].type.shape)
    let outer = Int64(site.outputs[0].count / (positions * heads * 2 * half))
    let count = positions * half
    let table = Scratch(elementCount: 2 * count)
    for index in 0..<count {
      let angle = angle(index / half, index % half, half: half)
      table.floats[index] = Float(cos(angle))
      table.floats[count + index] = Float(sin(angle))
    }
    let heads = Int64(heads)
    return Kernel { _ in
      nn_rotate_halves(
        x, table.floats, table.floats + count, y, outer, Int64(positions), heads, Int64(half))
    }
  }

  private func positionsAndHalf(_ shape: Shape) -> (Int, Int) {
    (shape[shape.rank - 2], shape[shape.rank - 1] / (2 * heads))
  }
}
