import CKernels
package import NNTensor

/// The same elements under another shape.
package struct Reshape: Op {
  package let shape: Shape

  package init(_ shape: Shape) { self.shape = shape }

  package var aliases: [Int?] { [0] }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.count == shape.count else {
      throw ShapeError(
        """
        \(inputs[0].shape) has \(inputs[0].shape.count) elements, \(shape) has \(shape.count)
        """)
    }
    return [ValueType(shape, isBatched: inputs[0].isBatched, dataType: inputs[0].dataType)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(Reshape(g.shape(site.inputs[0])), dy)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, inputs[0].values)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    Kernel { _ in }
  }
}

/// Joins tensors along an axis of a sample.
///
/// - inputs: [batch, …, nᵢ, …]
/// - output: [batch, …, Σ nᵢ, …]
package struct Concat: Op {
  package let axis: Int

  package init(axis: Int) { self.axis = axis }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    var sizes = inputs[0].shape.sizes
    for input in inputs.dropFirst() {
      var other = input.shape.sizes
      guard other.count == sizes.count, axis < sizes.count,
        input.isBatched == inputs[0].isBatched, input.dataType == inputs[0].dataType
      else {
        throw ShapeError("cannot join \(inputs[0].shape) and \(input.shape) along axis \(axis)")
      }
      let size = other[axis]
      other[axis] = sizes[axis]
      guard other == sizes else {
        throw ShapeError(
          """
          cannot join \(inputs[0].shape) and \(input.shape) along axis \(axis): the other axes \
          differ
          """)
      }
      sizes[axis] += size
    }
    return [
      ValueType(
        Shape(sizes), isBatched: inputs[0].isBatched, dataType: inputs[0].dataType)
    ]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return site.inputs.map { _ in nil } }
    var start = 0
    var gradients: [Value?] = []
    for (input, isNeeded) in zip(site.inputs, site.isNeeded) {
      let size = g.shape(input)[axis]
      gradients.append(isNeeded ? g.make(Slice(axis: axis, start: start, count: size), dy) : nil)
      start += size
    }
    return gradients
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    var start = 0
    let first = outputs[0].isBatched ? 1 : 0
    let target = Run(result.sizes, axis: axis + first)
    for input in inputs {
      let source = Run(input.sizes, axis: axis + first)
      for outer in 0..<source.outer {
        for index in 0..<source.length {
          result.values[outer * target.length + start + index] =
            input.values[outer * source.length + index]
        }
      }
      start += source.length
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let first = site.outputs[0].type.isBatched ? 1 : 0
    let target = Run(site.outputs[0].memorySizes, axis: axis + first)
    var start = 0
    let copies = site.inputs.map { input in
      let source = Run(input.memorySizes, axis: axis + first)
      defer { start += source.length }
      return (x: input.floats, y: site.outputs[0].floats + start, length: Int64(source.length))
    }
    return Kernel { _ in
      for copy in copies {
        nn_copy_strided(
          copy.x, copy.y, Int64(target.outer), copy.length, Int64(target.length), copy.length)
      }
    }
  }
}

/// A stretch of an axis of a sample, or each so many of its elements.
///
/// - input: [batch, …, n, …]
/// - output: [batch, …, count, …]
package struct Slice: Op {
  package let axis: Int
  package let start: Int
  package let count: Int
  /// From one element that is taken to the next.
  package let step: Int

  package init(axis: Int, start: Int, count: Int, step: Int = 1) {
    self.axis = axis
    self.start = start
    self.count = count
    self.step = step
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    var sizes = inputs[0].shape.sizes
    let end = start + (count - 1) * step + 1
    guard axis < sizes.count, start >= 0, count >= 0, step > 0, end <= sizes[axis] else {
      throw ShapeError("\(inputs[0].shape) has no elements \(start)..<\(end)")
    }
    sizes[axis] = count
    return [
      ValueType(
        Shape(sizes), isBatched: inputs[0].isBatched, dataType: inputs[0].dataType)
    ]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let total = g.shape(site.inputs[0])[axis]
    return [g.make(Unslice(axis: axis, start: start, step: step, total: total), dy)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let first = inputs[0].type.isBatched ? 1 : 0
    let source = Run(inputs[0].sizes, axis: axis + first)
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    var position = 0
    for outer in 0..<source.outer {
      for index in 0..<count {
        let place = outer * source.length + (start + index * step) * source.inner
        for inner in 0..<source.inner {
          result.values[position] = inputs[0].values[place + inner]
          position += 1
        }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let first = site.inputs[0].type.isBatched ? 1 : 0
    let source = Run(site.inputs[0].memorySizes, axis: axis + first)
    let x = site.inputs[0].floats + start * source.inner
    let y = site.outputs[0].floats
    let length = Int64(count * source.inner)
    if step == 1 {
      return Kernel { _ in
        nn_copy_strided(x, y, Int64(source.outer), Int64(source.length), length, length)
      }
    }
    let (pace, run) = (Int64(step * source.inner), Int64(source.inner))
    return Kernel { _ in
      for outer in 0..<source.outer {
        nn_copy_strided(
          x + outer * source.length, y + outer * Int(length), Int64(count), pace, run, run)
      }
    }
  }
}

/// Zeros around and between the elements of a slice: the gradient of ``Slice``.
package struct Unslice: Op {
  let axis: Int
  let start: Int
  let step: Int
  let total: Int

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    var sizes = inputs[0].shape.sizes
    sizes[axis] = total
    return [ValueType(Shape(sizes), isBatched: inputs[0].isBatched)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let first = inputs[0].type.isBatched ? 1 : 0
    let source = Run(inputs[0].sizes, axis: axis + first)
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    for (position, value) in inputs[0].values.enumerated() {
      let (outer, rest) = position.quotientAndRemainder(dividingBy: source.length)
      let (index, inner) = rest.quotientAndRemainder(dividingBy: source.inner)
      result.values[(outer * total + start + index * step) * source.inner + inner] = value
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let first = site.inputs[0].type.isBatched ? 1 : 0
    let source = Run(site.inputs[0].memorySizes, axis: axis + first)
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (stride, all) = (total * source.inner, Int64(site.outputs[0].count))
    let target = y + start * source.inner
    let length = Int64(source.length)
    if step == 1 {
      return Kernel { _ in
        nn_fill(y, 0, all)
        nn_copy_strided(x, target, Int64(source.outer), length, Int64(stride), length)
      }
    }
    let (count, run) = (Int64(source.length / source.inner), Int64(source.inner))
    let pace = Int64(step) * run
    return Kernel { _ in
      nn_fill(y, 0, all)
      for outer in 0..<source.outer {
        nn_copy_strided(
          x + outer * source.length, target + outer * stride, count, run, pace, run)
      }
    }
  }
}

/// Brings an image from one memory order into the other; plans put it where they must.
package struct Reorder: Op {
  package let target: Layout

  package init(to target: Layout) { self.target = target }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    // The reference knows one order only.
    inputs
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let shape = site.inputs[0].type.shape
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (channels, plane) = (Int64(shape[0]), Int64(shape.count / shape[0]))
    let rows = Int64(site.rows)
    return target == .channelsLast
      ? Kernel { _ in nn_transpose(x, y, rows, channels, plane) }
      : Kernel { _ in nn_transpose(x, y, rows, plane, channels) }
  }
}

/// A dense tensor seen along one axis: `outer` runs of `length` elements, `inner` to a step.
struct Run {
  let outer: Int
  let length: Int
  let inner: Int

  init(_ sizes: [Int], axis: Int) {
    outer = sizes[..<axis].reduce(1, *)
    length = sizes[axis...].reduce(1, *)
    inner = sizes[(axis + 1)...].reduce(1, *)
  }
}
