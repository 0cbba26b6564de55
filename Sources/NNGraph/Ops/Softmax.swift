import CKernels
import NNTensor

/// `exp(x) / Σ exp(x)` over the last axis, or its logarithm.
///
/// - x, y: [batch, …, classes]
package struct Softmax: Op {
  package let isLogarithm: Bool

  package init(isLogarithm: Bool = false) { self.isLogarithm = isLogarithm }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.rank > 0 else {
      throw ShapeError("softmax needs an axis to sum over, found a single number")
    }
    return inputs
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(SoftmaxGradient(isLogarithm: isLogarithm), site.outputs[0], dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 4 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [0] }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = inputs[0]
    forEachRow(of: result) { row in
      let largest = result.values[row].max() ?? 0
      // Subtract the row's maximum so that exp cannot overflow.
      let total = result.values[row].reduce(0) { $0 + UnaryFunction.exp($1 - largest) }
      for index in row {
        let x = result.values[index] - largest
        result.values[index] =
          isLogarithm ? x - UnaryFunction.log(total) : UnaryFunction.exp(x) / total
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return isLogarithm
      ? Kernel { _ in nn_log_softmax(x, y, rows, columns) }
      : Kernel { _ in nn_softmax(x, y, rows, columns) }
  }
}

/// The gradient of a softmax's input from its result and the result's gradient.
///
/// - y, dy, dx: [batch, …, classes]
package struct SoftmaxGradient: Op {
  let isLogarithm: Bool

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 4 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [1] }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let (y, dy) = (inputs[0].values, inputs[1].values)
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    forEachRow(of: result) { row in
      let sum = row.reduce(0.0) { $0 + (isLogarithm ? dy[$1] : dy[$1] * y[$1]) }
      for index in row {
        result.values[index] =
          isLogarithm
          ? dy[index] - UnaryFunction.exp(y[index]) * sum : y[index] * (dy[index] - sum)
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (y, dy, dx) = (site.inputs[0].floats, site.inputs[1].floats, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return isLogarithm
      ? Kernel { _ in nn_log_softmax_gradient(y, dy, dx, rows, columns) }
      : Kernel { _ in nn_softmax_gradient(y, dy, dx, rows, columns) }
  }
}

/// Minus the logarithm of the target class's softmax, one for each row of logits.
///
/// - logits: [batch, …, classes]
/// - target: [batch, …] class indices; where one is below zero, as that of padding is, the loss is 0
/// - loss: [batch, …]
package struct SoftmaxCrossEntropy: Op {
  package init() {}

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (logits, target) = (inputs[0].shape.sizes, inputs[1].shape.sizes)
    guard !logits.isEmpty, target == Array(logits.dropLast()) else {
      throw ShapeError("logits of \(inputs[0].shape) do not fit classes of \(inputs[1].shape)")
    }
    return [.batched(inputs[1].shape)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    return [g.make(SoftmaxCrossEntropyGradient(), site.inputs[0], site.inputs[1], dy), nil]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 4 * inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let logs = Softmax(isLogarithm: true).reference([inputs[0]], [inputs[0].type], rows: rows)[0]
    let classes = inputs[0].type.shape.sizes.last ?? 1
    let losses = inputs[1].values.enumerated().map { row, target in
      target < 0 ? 0 : -logs.values[row * classes + Int(target)]
    }
    return [ReferenceTensor(outputs[0], rows: rows, losses)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (logits, target) = (site.inputs[0].floats, site.inputs[1].indices)
    let loss = site.outputs[0].floats
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return Kernel { _ in nn_softmax_cross_entropy(logits, target, loss, rows, columns) }
  }
}

/// `(softmax(logits) − onehot(target)) · dloss`, zero where the target is below zero.
///
/// - logits: [batch, …, classes]; target, dloss: [batch, …]; result as logits
package struct SoftmaxCrossEntropyGradient: Op {
  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 4 * outputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [0] }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = Softmax().reference([inputs[0]], [inputs[0].type], rows: rows)[0]
    let classes = outputs[0].shape.sizes.last ?? 1
    for index in result.values.indices {
      guard inputs[1].values[index / classes] >= 0 else {
        result.values[index] = 0
        continue
      }
      let isTarget = index % classes == Int(inputs[1].values[index / classes])
      result.values[index] -= isTarget ? 1 : 0
      result.values[index] *= inputs[2].values[index / classes]
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (logits, target) = (site.inputs[0].floats, site.inputs[1].indices)
    let (dloss, dlogits) = (site.inputs[2].floats, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return Kernel { _ in
      nn_softmax_cross_entropy_gradient(logits, target, dloss, dlogits, rows, columns)
    }
  }
}

/// The element of each row that an index names; zero where the index is below zero.
///
/// - x: [batch, …, classes]; index: [batch, …]; y: [batch, …]
package struct Pick: Op {
  package init() {}

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (x, index) = (inputs[0].shape.sizes, inputs[1].shape.sizes)
    guard !x.isEmpty, index == Array(x.dropLast()) else {
      throw ShapeError("rows of \(inputs[0].shape) do not fit indices of \(inputs[1].shape)")
    }
    return [.batched(inputs[1].shape)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let columns = g.shape(site.inputs[0]).sizes.last ?? 1
    return [g.make(Place(columns: columns), dy, site.inputs[1]), nil]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let columns = inputs[0].type.shape.sizes.last ?? 1
    let values = inputs[1].values.enumerated().map {
      $1 < 0 ? 0 : inputs[0].values[$0 * columns + Int($1)]
    }
    return [ReferenceTensor(outputs[0], rows: rows, values)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, index, y) = (site.inputs[0].floats, site.inputs[1].indices, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return Kernel { _ in nn_pick(x, index, y, rows, columns) }
  }
}

/// Rows of zeros with one element set: the gradient of ``Pick``.
///
/// - value, index: [batch, …]; y: [batch, …, columns]
package struct Place: Op {
  let columns: Int

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.batched(Shape(inputs[0].shape.sizes + [columns]))]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    for (row, value) in inputs[0].values.enumerated() where inputs[1].values[row] >= 0 {
      result.values[row * columns + Int(inputs[1].values[row])] = value
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (value, index) = (site.inputs[0].floats, site.inputs[1].indices)
    let y = site.outputs[0].floats
    let (rows, columns) = rowsAndColumns(site.outputs[0])
    return Kernel { _ in nn_place(value, index, y, rows, columns) }
  }
}

/// All axes but the last as rows.
func rowsAndColumns(_ operand: Operand) -> (Int64, Int64) {
  let columns = operand.type.shape.sizes.last ?? 1
  return (Int64(operand.count / max(columns, 1)), Int64(columns))
}

func forEachRow(of tensor: ReferenceTensor, _ body: (Range<Int>) -> Void) {
  let columns = tensor.type.shape.sizes.last ?? 1
  for row in 0..<(tensor.values.count / columns) {
    body(row * columns..<(row + 1) * columns)
  }
}
