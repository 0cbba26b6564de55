import CKernels
import NNTensor

/// A row for each class index: one at the class, zeros elsewhere; all zeros where the index is
/// below zero, as that of padding is.
///
/// - index: [batch, …]
/// - y: [batch, …, classes]
package struct OneHot: Op {
  package let classes: Int

  package init(classes: Int) { self.classes = classes }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [ValueType(Shape(inputs[0].shape.sizes + [classes]), isBatched: inputs[0].isBatched)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    for (row, index) in inputs[0].values.enumerated() where index >= 0 {
      result.values[row * classes + Int(index)] = 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (index, y) = (site.inputs[0].indices, site.outputs[0].floats)
    let (rows, classes) = (site.inputs[0].count, classes)
    return Kernel { _ in
      nn_fill(y, 0, Int64(rows * classes))
      for row in 0..<rows where index[row] >= 0 { y[row * classes + Int(index[row])] = 1 }
    }
  }
}

/// A number for each class index; zero where the index is below zero, as that of padding is.
///
/// - index, y: [batch, …]
package struct NumberOfClass: Op {
  /// By class.
  package let numbers: [Float]

  package init(_ numbers: [Float]) { self.numbers = numbers }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [ValueType(inputs[0].shape, isBatched: inputs[0].isBatched)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let values = inputs[0].values.map { $0 >= 0 ? Double(numbers[Int($0)]) : 0 }
    return [ReferenceTensor(outputs[0], rows: rows, values)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (index, y) = (site.inputs[0].indices, site.outputs[0].floats)
    let (count, numbers) = (site.inputs[0].count, numbers)
    return Kernel { _ in
      numbers.withUnsafeBufferPointer { numbers in
        for row in 0..<count { y[row] = index[row] >= 0 ? numbers[Int(index[row])] : 0 }
      }
    }
  }
}
