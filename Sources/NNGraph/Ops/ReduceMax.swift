import CKernels
import NNTensor

/// The largest along an axis of a sample.
///
/// - x: [batch, …, n, …]
/// - y: [batch, …, …]
package struct ReduceMax: Op {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    var sizes = inputs[0].shape.sizes
    guard sizes.indices.contains(axis) else {
      throw ShapeError("\(inputs[0].shape) has no axis \(axis) to take the largest of")
    }
    sizes.remove(at: axis)
    return [ValueType(Shape(sizes), isBatched: inputs[0].isBatched)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(ReduceMaxGradient(axis: axis), site.inputs[0], site.outputs[0], dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let run = Run(inputs[0], axis: axis)
    for outer in 0..<run.outer {
      for inner in 0..<run.inner {
        result.values[outer * run.inner + inner] =
          stride(from: inner, to: run.length, by: run.inner)
          .map { inputs[0].values[outer * run.length + $0] }.max() ?? -.infinity
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let run = Run(site.inputs[0], axis: axis)
    let count = Int64(run.length / run.inner)
    return Kernel { _ in nn_reduce_max(x, y, Int64(run.outer), count, Int64(run.inner)) }
  }
}

/// The gradient of ``ReduceMax``: to where the first of the largest is, zero elsewhere.
///
/// - inputs: x [batch, …, n, …]; y and dy [batch, …, …]
/// - dx: [batch, …, n, …]
package struct ReduceMaxGradient: Op {
  let axis: Int

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let run = Run(inputs[0], axis: axis)
    for outer in 0..<run.outer {
      for inner in 0..<run.inner {
        let place = outer * run.inner + inner
        let first = stride(from: inner, to: run.length, by: run.inner)
          .first { inputs[0].values[outer * run.length + $0] == inputs[1].values[place] }
        if let first { result.values[outer * run.length + first] = inputs[2].values[place] }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y, dy) = (
      site.inputs[0].floats, site.inputs[1].floats, UnsafePointer(site.inputs[2].floats)
    )
    let dx = site.outputs[0].floats
    let run = Run(site.inputs[0], axis: axis)
    let (inner, count) = (run.inner, run.length / run.inner)
    let scratch = Scratch(elementCount: inner)
    return Kernel { _ in
      // What is still to be given to a place; zero once the first of the largest has had it.
      let left = scratch.floats
      for outer in 0..<run.outer {
        let largest = y + outer * inner
        left.update(from: dy + outer * inner, count: inner)
        for step in 0..<count {
          let start = (outer * count + step) * inner
          for i in 0..<inner {
            let isLargest = x[start + i] == largest[i]
            dx[start + i] = isLargest ? left[i] : 0
            left[i] = isLargest ? 0 : left[i]
          }
        }
      }
    }
  }
}

extension Run {
  /// A tensor seen along an axis of its samples.
  fileprivate init(_ x: ReferenceTensor, axis: Int) {
    self.init(x.sizes, axis: axis + (x.type.isBatched ? 1 : 0))
  }

  fileprivate init(_ x: Operand, axis: Int) {
    self.init(x.memorySizes, axis: axis + (x.type.isBatched ? 1 : 0))
  }
}
