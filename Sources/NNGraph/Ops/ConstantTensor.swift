package import NNTensor

/// Numbers known before the first step, such as the weights of classes.
package struct ConstantTensor: Op {
  package let shape: Shape
  /// Row major.
  package let values: [Float]

  package init(_ shape: Shape, _ values: [Float]) {
    self.shape = shape
    self.values = values
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard values.count == shape.count else {
      throw ShapeError("\(values.count) numbers do not fill \(shape)")
    }
    return [.single(shape)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, values.map { Double($0) })]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let y = site.outputs[0].floats
    let values = values
    return Kernel { _ in
      values.withUnsafeBufferPointer { source in
        if let base = source.baseAddress { y.update(from: base, count: source.count) }
      }
    }
  }
}
