package import NNTensor

/// A number known before the first step.
package struct Constant: Op {
  package let value: Float

  package init(_ value: Float) { self.value = value }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.single(.scalar)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, [Double(value)])]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let result = site.outputs[0].floats
    return Kernel { _ in result.pointee = value }
  }
}

/// A function of each element.
package struct Unary: Op {
  package let function: UnaryFunction

  package init(_ function: UnaryFunction) { self.function = function }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0],
      let derivative = function.derivative(.value(site.inputs[0]), .value(site.outputs[0]))
    else { return [nil] }
    return [g.elementwise(.value(dy) * derivative)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, inputs[0].values.map { function($0) })]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    try ElementwiseProgram.single(self, site)
  }
}

/// A function of each pair of elements; either operand may be a scalar.
package struct Binary: Op {
  package let function: BinaryFunction

  package init(_ function: BinaryFunction) { self.function = function }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [try commonType(inputs, function.rawValue)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let (da, db) = function.derivatives(
      .value(site.inputs[0]), .value(site.inputs[1]), .value(site.outputs[0]))
    return [da, db].enumerated().map { index, derivative in
      guard site.isNeeded[index], let derivative else { return nil }
      return g.reduced(g.elementwise(.value(dy) * derivative), toMatch: site.inputs[index])
    }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let count = outputs[0].count(rows: rows)
    let a = inputs[0].stretched(to: count)
    let b = inputs[1].stretched(to: count)
    return [ReferenceTensor(outputs[0], rows: rows, (0..<count).map { function(a[$0], b[$0]) })]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    try ElementwiseProgram.single(self, site)
  }
}

/// Takes each element from the second operand where the first is not zero, else from the third.
package struct Select: Op {
  package init() {}

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [try commonType(inputs, "select")]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil, nil] }
    let condition = Expression.value(site.inputs[0])
    let parts: [Expression?] = [
      nil, .select(condition, .value(dy), 0), .select(condition, 0, .value(dy)),
    ]
    return parts.enumerated().map { index, part in
      guard site.isNeeded[index], let part else { return nil }
      return g.reduced(g.elementwise(part), toMatch: site.inputs[index])
    }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let count = outputs[0].count(rows: rows)
    let parts = inputs.map { $0.stretched(to: count) }
    return [
      ReferenceTensor(
        outputs[0], rows: rows,
        (0..<count).map { parts[0][$0] != 0 ? parts[1][$0] : parts[2][$0] })
    ]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    try ElementwiseProgram.single(self, site)
  }
}

/// Random numbers in [0, 1), one for each element of a tensor like the input, which only lends
/// its shape and how many samples there are. The same in every pass of a step.
package struct RandomUniform: Op {
  /// The key of a ``RandomStream``.
  package let stream: UInt64
  /// Of a sample's numbers, where it is not the input's.
  package let shape: Shape?

  package init(_ stream: RandomStream, shape: Shape? = nil) {
    self.stream = stream.key
    self.shape = shape
  }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [shape.map { ValueType($0, isBatched: inputs[0].isBatched) } ?? inputs[0]]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let stream = RandomStream(key: stream)
    return [
      ReferenceTensor(
        outputs[0], rows: rows,
        (0..<outputs[0].count(rows: rows)).map { Double(stream.uniform(at: UInt64($0))) })
    ]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    try ElementwiseProgram.single(self, site)
  }
}

/// The one type of operands that are equal but for scalars.
private func commonType(_ inputs: [ValueType], _ name: String) throws(ShapeError) -> ValueType {
  let scalar = ValueType.single(.scalar)
  let full = inputs.first { $0 != scalar } ?? scalar
  if let other = inputs.first(where: { $0 != scalar && $0 != full }) {
    throw ShapeError("\(name) needs equal shapes, found \(full.shape) and \(other.shape)")
  }
  return full
}

extension ReferenceTensor {
  /// The values, a scalar's repeated.
  fileprivate func stretched(to count: Int) -> [Double] {
    type == .single(.scalar) ? [Double](repeating: values[0], count: count) : values
  }
}

extension GraphBuilder {
  /// Sums a gradient down to the type of a scalar operand; others pass.
  mutating func reduced(_ gradient: Value, toMatch value: Value) -> Value {
    guard type(value) == .single(.scalar), type(gradient) != .single(.scalar) else {
      return gradient
    }
    let rank = shape(gradient).rank
    return make(
      ReduceSum(axes: Array(0..<rank), rank: rank, overBatch: type(gradient).isBatched), gradient)
  }
}
