import CKernels
import NNTensor

/// The axes of a sample in another order.
///
/// - input: [batch, n₀, n₁, …]
/// - output: [batch, …], whose axis i is the input's axis `axes[i]`
package struct Permute: Op {
  /// For each axis of the output the axis of the input it was, counted from 0 of a sample.
  package let axes: [Int]

  package init(axes: [Int]) { self.axes = axes }

  package var layout: LayoutRule { .anyInput }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let input = inputs[0]
    guard axes.sorted() == Array(0..<input.shape.rank) else {
      throw ShapeError(
        """
        \(axes) is no order of the axes of \(input.shape), which are counted from 0 and each \
        named once
        """)
    }
    return [
      ValueType(
        Shape(axes.map { input.shape[$0] }), isBatched: input.isBatched, dataType: input.dataType)
    ]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    var back = axes
    for (place, axis) in axes.enumerated() { back[axis] = place }
    return [g.make(Permute(axes: back), dy)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let strides = Shape(inputs[0].sizes).strides
    let first = inputs[0].type.isBatched ? 1 : 0
    var position = 0
    forEachIndex(result.sizes) { index in
      var offset = first == 1 ? index[0] * strides[0] : 0
      for (place, axis) in axes.enumerated() {
        offset += index[first + place] * strides[first + axis]
      }
      result.values[position] = inputs[0].values[offset]
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let x = UnsafePointer(site.inputs[0].floats)
    let y = site.outputs[0].floats
    let copy = StridedCopy(runs(of: site.inputs[0]))
    if let (outer, a, b) = copy.asTransposition {
      return Kernel { _ in nn_transpose(x, y, Int64(outer), Int64(a), Int64(b)) }
    }
    return Kernel { _ in copy.run(from: x, to: y) }
  }

  /// The axes of the result in its order, each with the step along it in the input's memory.
  private func runs(of x: Operand) -> [StridedCopy.Axis] {
    let own = Shape(x.memorySizes).strides
    let steps = axes.map { own[x.place(of: $0)] }
    let sample = zip(axes, steps).map { StridedCopy.Axis(size: x.type.shape[$0], step: $1) }
    return (x.type.isBatched ? [.init(size: x.rows, step: own[0])] : []) + sample
  }
}

/// Fills dense memory from elements that lie at steps.
private struct StridedCopy {
  struct Axis {
    var size: Int
    /// Elements from one to the next in the memory that is read.
    var step: Int
  }

  /// The axes of what is filled, outermost first; what can be one axis is.
  private let axes: [Axis]
  /// For each axis the elements of what is filled that lie inside a step.
  private let inner: [Int]

  init(_ all: [Axis]) {
    var joined: [Axis] = []
    for axis in all where axis.size != 1 {
      if let last = joined.last, last.step == axis.size * axis.step {
        joined[joined.count - 1] = Axis(size: last.size * axis.size, step: axis.step)
      } else {
        joined.append(axis)
      }
    }
    axes = joined.isEmpty ? [Axis(size: 1, step: 1)] : joined
    inner = Shape(axes.map(\.size)).strides
  }

  /// The sizes where the copy is y[outer, b, a] = x[outer, a, b].
  var asTransposition: (outer: Int, a: Int, b: Int)? {
    let last = axes.suffix(2)
    guard axes.count == 2 || axes.count == 3, let b = last.first, let a = last.last,
      b.step == 1, a.step == b.size, axes.count == 2 || axes[0].step == a.size * b.size
    else { return nil }
    return (axes.count == 3 ? axes[0].size : 1, a.size, b.size)
  }

  func run(from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>) {
    fill(from: x, to: y, axis: 0)
  }

  private func fill(
    from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, axis: Int
  ) {
    let (size, step) = (axes[axis].size, axes[axis].step)
    let left = axes.count - axis
    if left == 1 {
      for index in 0..<size { y[index] = x[index * step] }
    } else if left == 2, axes[axis + 1].step == 1 {
      let run = Int64(inner[axis])
      nn_copy_strided(x, y, Int64(size), Int64(step), run, run)
    } else {
      for index in 0..<size {
        fill(from: x + index * step, to: y + index * inner[axis], axis: axis + 1)
      }
    }
  }
}
