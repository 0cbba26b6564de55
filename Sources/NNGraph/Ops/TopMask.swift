import NNTensor

/// One for the greatest few of each row, zero for the others; of equals the first. It has no
/// gradient: a small change changes nothing.
///
/// - x, y: [batch, …, n]
package struct TopMask: Op {
  package let count: Int

  package init(_ count: Int) { self.count = count }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard let last = inputs[0].shape.sizes.last, (1...last).contains(count) else {
      throw ShapeError("\(inputs[0].shape) has no rows with \(count) greatest")
    }
    return inputs
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: count * outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let (x, width) = (inputs[0].values, outputs[0].shape.sizes.last ?? 1)
    for first in stride(from: 0, to: x.count, by: width) {
      let order = (first..<first + width).sorted { x[$0] == x[$1] ? $0 < $1 : x[$0] > x[$1] }
      for index in order.prefix(count) { result.values[index] = 1 }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let width = site.outputs[0].type.shape.sizes.last ?? 1
    let (total, count) = (site.outputs[0].count, count)
    return Kernel { _ in
      y.update(repeating: 0, count: total)
      for first in stride(from: 0, to: total, by: width) {
        for _ in 0..<count {
          var best = -1
          for index in first..<first + width
          where y[index] == 0 && (best < 0 || x[index] > x[best]) { best = index }
          y[best] = 1
        }
      }
    }
  }
}
