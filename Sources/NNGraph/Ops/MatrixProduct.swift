import NNTensor

/// The matrix product over the last two axes: one for each sample and each index of the others.
///
/// - a: [batch, …, m, k], or [batch, …, k, m] where `transposesLeft`
/// - b: [batch, …, k, n], or [batch, …, n, k] where `transposesRight`
/// - y: [batch, …, m, n]
package struct MatrixProduct: NarrowableOp {
  package let transposesLeft: Bool
  package let transposesRight: Bool

  package init(transposesLeft: Bool = false, transposesRight: Bool = false) {
    self.transposesLeft = transposesLeft
    self.transposesRight = transposesRight
  }

  /// The sizes of a product.
  private struct Sizes {
    let outer: [Int]
    let m: Int
    let n: Int
    let k: Int
  }

  private func sizes(_ a: Shape, _ b: Shape) -> Sizes? {
    guard a.rank >= 2, b.rank == a.rank else { return nil }
    let outer = Array(a.sizes.dropLast(2))
    let (rows, columns) = (a[a.rank - 2], a[a.rank - 1])
    let (otherRows, otherColumns) = (b[b.rank - 2], b[b.rank - 1])
    let k = transposesLeft ? rows : columns
    guard outer == Array(b.sizes.dropLast(2)), k == (transposesRight ? otherColumns : otherRows)
    else { return nil }
    return Sizes(
      outer: outer, m: transposesLeft ? columns : rows,
      n: transposesRight ? otherRows : otherColumns, k: k)
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard let sizes = sizes(inputs[0].shape, inputs[1].shape),
      inputs[0].isBatched == inputs[1].isBatched
    else {
      throw ShapeError(
        """
        no product of the matrices \(inputs[0].shape)\(transposesLeft ? " transposed" : "") and \
        \(inputs[1].shape)\(transposesRight ? " transposed" : "")
        """)
    }
    return [
      ValueType(Shape(sizes.outer + [sizes.m, sizes.n]), isBatched: inputs[0].isBatched)
    ]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let (a, b) = (site.inputs[0], site.inputs[1])
    func product(_ left: Value, _ leftIs: Bool, _ right: Value, _ rightIs: Bool) -> Value {
      g.make(MatrixProduct(transposesLeft: leftIs, transposesRight: rightIs), left, right)
    }
    // With y = A B: dA = dy Bᵀ and dB = Aᵀ dy, each transposed as its operand is stored.
    let da =
      transposesLeft
      ? product(b, transposesRight, dy, true) : product(dy, false, b, !transposesRight)
    let db =
      transposesRight
      ? product(dy, true, a, transposesLeft) : product(a, !transposesLeft, dy, false)
    return [site.isNeeded[0] ? da : nil, site.isNeeded[1] ? db : nil]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    let k = sizes(inputs[0].shape, inputs[1].shape)?.k ?? 0
    return Cost(operations: 2 * outputs[0].count(rows: rows) * k)
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    guard let sizes = sizes(inputs[0].shape, inputs[1].shape) else { return [] }
    // Each operand is rounded for so many multiply-adds of each of its elements.
    let isLarge = min(sizes.m, sizes.n, sizes.k) >= 32 && sizes.m * sizes.n * sizes.k >= 1 << 18
    return isLarge ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    let size = outputs[0].shape.sizes.suffix(2).reduce(1, *)
    return .products(outputs[0].count(rows: rows) / max(size, 1))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    guard let sizes = sizes(inputs[0].type.shape, inputs[1].type.shape) else { return [result] }
    let (m, n, k) = (sizes.m, sizes.n, sizes.k)
    for matrix in 0..<(result.values.count / (m * n)) {
      for i in 0..<m {
        for j in 0..<n {
          var sum = 0.0
          for p in 0..<k {
            let left = matrix * m * k + (transposesLeft ? p * m + i : i * k + p)
            let right = matrix * k * n + (transposesRight ? j * k + p : p * n + j)
            sum += inputs[0].values[left] * inputs[1].values[right]
          }
          result.values[(matrix * m + i) * n + j] = sum
        }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let (a, b, y) = (site.inputs[0], site.inputs[1], site.outputs[0])
    guard let sizes = sizes(a.type.shape, b.type.shape) else {
      throw KernelError("a matrix product whose shapes do not fit")
    }
    return try matmul(
      batch: y.count / (sizes.m * sizes.n), m: sizes.m, n: sizes.n, k: sizes.k,
      transposeA: transposesLeft, transposeB: transposesRight, a: a, b: b, c: y)
  }
}
