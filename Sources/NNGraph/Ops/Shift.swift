import CKernels
import NNTensor

/// Each sample moved along its first axis, zeros where it came from: y[t] = x[t − by].
///
/// - x, y: [batch, steps, …]
package struct Shift: Op {
  /// At least one step forwards, or backwards where negative.
  package let by: Int

  package init(by: Int) { self.by = by }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].isBatched, inputs[0].shape.rank > 0 else {
      throw ShapeError("\(inputs[0].shape) has no steps to be moved along")
    }
    return inputs
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(Shift(by: -by), dy)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let steps = outputs[0].shape[0]
    let run = outputs[0].shape.count / max(steps, 1)
    for row in 0..<rows {
      for step in 0..<steps where (0..<steps).contains(step - by) {
        for index in 0..<run {
          result.values[(row * steps + step) * run + index] =
            inputs[0].values[(row * steps + step - by) * run + index]
        }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let steps = site.outputs[0].type.shape[0]
    let run = site.outputs[0].type.shape.count / max(steps, 1)
    let moved = min(abs(by), steps)
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (sample, rows) = (steps * run, site.rows)
    let (gap, rest) = (moved * run, (steps - moved) * run)
    let (from, to, zeros) = by > 0 ? (0, gap, 0) : (gap, 0, rest)
    return Kernel { _ in
      nn_copy_strided(
        x + from, y + to, Int64(rows), Int64(sample), Int64(sample), Int64(rest))
      for row in 0..<rows { nn_fill(y + row * sample + zeros, 0, Int64(gap)) }
    }
  }
}
