import CKernels
import NNTensor

/// The largest element of each of so many windows that cover an axis, as adaptive pooling has them.
///
/// - x: [batch, …, size, …]
/// - outputs: y [batch, …, count, …]; where along the axis each was found
package struct AdaptiveMaximum: Op {
  package let axis: Int
  package let count: Int

  package init(axis: Int, count: Int) {
    self.axis = axis
    self.count = count
  }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let x = inputs[0]
    guard axis < x.shape.rank else { throw ShapeError("\(x.shape) has no axis \(axis)") }
    let y = x.resized(axis, to: count)
    return [y, ValueType(y.shape, isBatched: y.isBatched, dataType: .int32)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let gradient = AdaptiveMaximumGradient(axis: axis, size: g.shape(site.inputs[0])[axis])
    return [g.make(gradient, dy, site.outputs[1])]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: max(inputs[0].count(rows: rows), outputs[0].count(rows: rows)))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let x = inputs[0]
    let place = axis + (x.type.isBatched ? 1 : 0)
    var position = 0
    forEachIndex(results[0].sizes) { index in
      let line = x.line(through: index, along: axis)
      let window = adaptiveWindow(index[place], size: x.sizes[place], count: count)
      var best = window.lowerBound
      for at in window
      where x.values[line.start + at * line.step] > x.values[line.start + best * line.step] {
        best = at
      }
      results[0].values[position] = x.values[line.start + best * line.step]
      results[1].values[position] = Double(best)
      position += 1
    }
    return results
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0], site.outputs[0])
    let (places, run) = (site.outputs[1].indices, x.run(along: axis))
    let windows = (0..<count).map { adaptiveWindow($0, size: run.count, count: count) }
    let begins = windows.map { Int32($0.lowerBound) }
    let ends = windows.map { Int32($0.upperBound) }
    let (outer, size, out, inner) = (
      Int64(run.outer), Int64(run.count), Int64(count), Int64(run.inner)
    )
    return Kernel { _ in
      nn_max_axis(outer, size, out, inner, begins, ends, x.floats, y.floats, places)
    }
  }
}

/// The gradient of ``AdaptiveMaximum``: to where the largest was.
///
/// - inputs: dy [batch, …, count, …]; the places along the axis
/// - dx: [batch, …, size, …]
package struct AdaptiveMaximumGradient: Op {
  let axis: Int
  /// Along the axis of dx.
  let size: Int

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0].resized(axis, to: size)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    var position = 0
    forEachIndex(inputs[0].sizes) { index in
      let line = result.line(through: index, along: axis)
      result.values[line.start + Int(inputs[1].values[position]) * line.step] +=
        inputs[0].values[position]
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (dy, dx, places) = (site.inputs[0], site.outputs[0].floats, site.inputs[1].indices)
    let run = dy.run(along: axis)
    let (outer, count, inner) = (Int64(run.outer), Int64(run.count), Int64(run.inner))
    let size = Int64(size)
    return Kernel { _ in
      nn_max_axis_gradient(outer, size, count, inner, dy.floats, places, dx)
    }
  }
}
