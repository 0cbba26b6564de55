import CKernels
import NNTensor

/// `y = x Wᵀ`, or with a weight stored the other way `y = x W`; optionally plus a bias, optionally
/// through a rectifier, which fusion adds.
///
/// - x: [batch, …, in]
/// - weight: [out, in] where `weightIsOutIn`, else [in, out]
/// - bias: [out]
/// - y: [batch, …, out]
package struct Linear: NarrowableOp {
  package let weightIsOutIn: Bool
  package let hasBias: Bool
  package let rectifies: Bool

  package init(weightIsOutIn: Bool = true, hasBias: Bool = false, rectifies: Bool = false) {
    self.weightIsOutIn = weightIsOutIn
    self.hasBias = hasBias
    self.rectifies = rectifies
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (x, weight) = (inputs[0], inputs[1])
    let (units, width) =
      weightIsOutIn ? (weight.shape[0], weight.shape[1]) : (weight.shape[1], weight.shape[0])
    guard let last = x.shape.sizes.last, last == width else {
      throw ShapeError("the weight \(weight.shape) does not fit the input \(x.shape)")
    }
    return [ValueType(Shape(x.shape.sizes.dropLast() + [units]), isBatched: x.isBatched)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let (x, weight) = (site.inputs[0], site.inputs[1])
    let dx = site.isNeeded[0] ? g.make(Linear(weightIsOutIn: !weightIsOutIn), dy, weight) : nil
    let dw =
      !site.isNeeded[1]
      ? nil
      : weightIsOutIn
        ? g.make(LinearWeightGradient(), dy, x) : g.make(LinearWeightGradient(), x, dy)
    return [dx, dw]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * outputs[0].count(rows: rows) * (inputs[0].shape.sizes.last ?? 1))
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    inputs[1].shape.count >= leastNarrowedWeight ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .products(1)
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let (x, weight) = (inputs[0].values, inputs[1].values)
    let width = inputs[0].type.shape.sizes.last ?? 1
    let units = outputs[0].shape.sizes.last ?? 1
    for row in 0..<(result.values.count / units) {
      for unit in 0..<units {
        var sum = hasBias ? inputs[2].values[unit] : 0
        for i in 0..<width {
          sum += x[row * width + i] * weight[weightIsOutIn ? unit * width + i : i * units + unit]
        }
        result.values[row * units + unit] = rectifies ? max(sum, 0) : sum
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let width = site.inputs[0].type.shape.sizes.last ?? 1
    let units = site.outputs[0].type.shape.sizes.last ?? 1
    return try matmul(
      m: site.inputs[0].count / width, n: units, k: width, transposeB: weightIsOutIn,
      a: site.inputs[0], b: site.inputs[1], bias: hasBias ? site.inputs[2] : nil,
      rectifies: rectifies, c: site.outputs[0])
  }

  /// Over all rows, those within samples too; a single row is cut into stretches of the units.
  package func kernels(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel] {
    let width = site.inputs[0].type.shape.sizes.last ?? 1
    let units = site.outputs[0].type.shape.sizes.last ?? 1
    let rows = site.inputs[0].count / width
    let bias = hasBias ? site.inputs[2] : nil
    let byUnits = rows == 1 && weightIsOutIn
    var result: [Kernel] = []
    for range in stretches(of: byUnits ? units : rows, parts: parts) {
      let first = range.lowerBound
      result.append(
        byUnits
          ? try matmul(
            m: 1, n: range.count, k: width, transposeB: true, a: site.inputs[0],
            b: site.inputs[1].from(first * width), bias: bias?.from(first), rectifies: rectifies,
            c: site.outputs[0].from(first))
          : try matmul(
            m: range.count, n: units, k: width, transposeB: weightIsOutIn,
            a: site.inputs[0].from(first * width), b: site.inputs[1], bias: bias,
            rectifies: rectifies, c: site.outputs[0].from(first * units)))
    }
    return result
  }
}

/// `aᵀ b` with all samples as rows: the gradient of a weight, summed over this shard's samples.
///
/// - a: [batch, …, m]
/// - b: [batch, …, n]
/// - result: [m, n]
package struct LinearWeightGradient: NarrowableOp {
  package init() {}

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard let m = inputs[0].shape.sizes.last, let n = inputs[1].shape.sizes.last,
      inputs[0].shape.sizes.dropLast() == inputs[1].shape.sizes.dropLast()
    else {
      throw ShapeError("\(inputs[0].shape) and \(inputs[1].shape) have different rows")
    }
    return [.single([m, n])]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * inputs[0].count(rows: rows) * (inputs[1].shape.sizes.last ?? 1))
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    outputs[0].shape.count >= leastNarrowedWeight ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .products(1)
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let (m, n) = (outputs[0].shape[0], outputs[0].shape[1])
    for row in 0..<(inputs[0].values.count / m) {
      for i in 0..<m {
        for j in 0..<n {
          result.values[i * n + j] +=
            inputs[0].values[row * m + i] * inputs[1].values[row * n + j]
        }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let (m, n) = (site.outputs[0].type.shape[0], site.outputs[0].type.shape[1])
    return try matmul(
      m: m, n: n, k: site.inputs[0].count / m, transposeA: true, a: site.inputs[0],
      b: site.inputs[1], c: site.outputs[0])
  }

  /// Over the rows of the result.
  package func kernels(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel] {
    let (m, n) = (site.outputs[0].type.shape[0], site.outputs[0].type.shape[1])
    var result: [Kernel] = []
    for range in stretches(of: m, parts: parts) {
      result.append(
        try matmul(
          m: range.count, n: n, k: site.inputs[0].count / m, transposeA: true, strideA: m,
          a: site.inputs[0].from(range.lowerBound), b: site.inputs[1],
          c: site.outputs[0].from(range.lowerBound * n)))
    }
    return result
  }
}

extension Operand {
  /// The same memory from an element on.
  fileprivate func from(_ element: Int) -> Operand {
    Operand(
      pointer: pointer + element * type.dataType.byteCount, type: type, layout: layout, rows: rows)
  }
}

/// Elements of a weight from which on rounding its operands costs less than a product in bf16 saves.
private let leastNarrowedWeight = 4096

/// `c[m, n] = a[m, k] b[k, n]` for each of a batch of matrices, either operand stored transposed.
///
/// - strideA: from a stored row of a to the next, where there is something between.
func matmul(
  batch: Int = 1, m: Int, n: Int, k: Int, transposeA: Bool = false, strideA: Int = 0,
  transposeB: Bool = false,
  a: Operand, b: Operand, bias: Operand? = nil, rectifies: Bool = false, c: Operand
) throws(KernelError) -> Kernel {
  var shape = nn_matmul_shape()
  shape.batch = Int64(batch)
  shape.m = Int64(m)
  shape.n = Int64(n)
  shape.k = Int64(k)
  shape.transpose_a = transposeA
  shape.a_stride = Int64(strideA)
  shape.transpose_b = transposeB
  shape.has_bias = bias != nil
  shape.activation = rectifies ? NN_ACTIVATION_RELU : NN_ACTIVATION_NONE
  shape.operands = operandType(a, b)
  guard let product = nn_matmul_create(&shape) else { throw .last("matrix product") }
  let owner = Owned(product, destroy: nn_matmul_destroy)
  guard let call = nn_matmul_bind(product, a.pointer, b.pointer, bias?.floats, c.floats) else {
    throw .last("matrix product")
  }
  let bound = Owned(call, destroy: nn_matmul_call_destroy)
  return Kernel { _ in
    withExtendedLifetime(owner) { nn_matmul_call_run(bound.pointer) }
  }
}

/// The type that both operands of a product are of.
func operandType(_ a: Operand, _ b: Operand) -> nn_operands {
  precondition(a.type.dataType == b.type.dataType, "a product of operands of two types")
  return a.type.dataType == .bfloat16 ? NN_OPERANDS_BF16 : NN_OPERANDS_F32
}
