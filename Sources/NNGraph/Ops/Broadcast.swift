package import NNTensor

/// Repeats a tensor along the axes it lacks.
package struct Broadcast: Op {
  /// The result's.
  package let shape: Shape
  package let isBatched: Bool
  /// For each axis of the input the axis of the result it becomes, ascending.
  package let axes: [Int]

  package init(to shape: Shape, isBatched: Bool = true, axes: [Int]) {
    self.shape = shape
    self.isBatched = isBatched
    self.axes = axes
  }

  package var layout: LayoutRule { .anyOutput }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let input = inputs[0]
    guard axes.count == input.shape.rank,
      zip(input.shape.sizes, axes).allSatisfy({ $1 < shape.rank && $0 == shape[$1] }),
      isBatched || !input.isBatched
    else { throw ShapeError("cannot repeat \(input.shape) to \(shape)") }
    return [ValueType(shape, isBatched: isBatched)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let reduced = (0..<shape.rank).filter { !axes.contains($0) }
    let overBatch = isBatched && !g.type(site.inputs[0]).isBatched
    return [g.make(ReduceSum(axes: reduced, rank: shape.rank, overBatch: overBatch), dy)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let strides = Shape(inputs[0].sizes).strides
    var position = 0
    forEachIndex(result.sizes) { index in
      var offset = 0
      let sample = isBatched ? Array(index.dropFirst()) : index
      if inputs[0].type.isBatched { offset += index[0] * strides[0] }
      let first = inputs[0].type.isBatched ? 1 : 0
      for (axis, target) in axes.enumerated() { offset += sample[target] * strides[first + axis] }
      result.values[position] = inputs[0].values[offset]
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let x = site.inputs[0]
    let y = site.outputs[0]
    if let alignment = alignment(of: x.type, layout: y.layout) {
      return try ElementwiseProgram.copy(alignment, site)
    }
    // Two runs of axes apart, such as [batch, channels] over channels-last images.
    let strides = memoryStrides(of: x, in: y)
    let sizes = y.memorySizes
    return Kernel { _ in
      copyStrided(from: x.floats, to: y.floats, sizes: sizes[...], strides: strides[...])
    }
  }

  /// How the input's elements line up with the result's in memory, where two numbers can say it.
  package func alignment(of input: ValueType, layout: Layout) -> Alignment? {
    if input == .single(.scalar) { return .scalar }
    // For each axis of the result in memory order: its size (nil for the batch) and the axis of
    // the input that drives it.
    var driven: [(size: Int?, source: Int?)] = []
    if isBatched { driven.append((nil, input.isBatched ? -1 : nil)) }
    for axis in layout.axes(rank: shape.rank) {
      driven.append((shape[axis], axes.firstIndex(of: axis)))
    }
    driven.removeAll { $0.size == 1 }
    guard let first = driven.firstIndex(where: { $0.source != nil }),
      let last = driven.lastIndex(where: { $0.source != nil })
    else { return .broadcast(repeats: .max, period: 1) }
    let run = driven[first...last]
    let sources = run.compactMap(\.source)
    guard sources.count == run.count, sources == sources.sorted() else { return nil }
    let repeats = driven[(last + 1)...].reduce(1) { $0 * ($1.size ?? 1) }
    let period =
      run.first?.size == nil ? Int.max : run.reduce(1) { $0 * ($1.size ?? 1) }
    if repeats == 1, first == 0 { return .same }
    return .broadcast(repeats: repeats, period: period)
  }

  /// The steps in the input's memory along each axis of the result's; zero where it repeats.
  private func memoryStrides(of x: Operand, in y: Operand) -> [Int] {
    let own = Shape(x.type.sizes(rows: x.rows)).strides
    let first = x.type.isBatched ? 1 : 0
    var strides = [Int](repeating: 0, count: shape.rank)
    for (axis, target) in axes.enumerated() { strides[target] = own[first + axis] }
    let ordered = y.layout.axes(rank: shape.rank).map { strides[$0] }
    return (isBatched ? [x.type.isBatched ? own[0] : 0] : []) + ordered
  }
}

/// Which element of an operand goes with element `i` of a result.
package enum Alignment: Sendable, Hashable {
  /// Element `i`.
  case same
  /// The only one.
  case scalar
  /// Element `(i / repeats) % period`.
  case broadcast(repeats: Int, period: Int)
}

/// Fills a dense tensor of the sizes from elements that lie at the strides.
private func copyStrided(
  from x: UnsafePointer<Float>, to y: UnsafeMutablePointer<Float>, sizes: ArraySlice<Int>,
  strides: ArraySlice<Int>
) {
  guard let size = sizes.first, let stride = strides.first else {
    y.pointee = x.pointee
    return
  }
  if sizes.count == 1 {
    for index in 0..<size { y[index] = x[index * stride] }
    return
  }
  let inner = sizes.dropFirst().reduce(1, *)
  for index in 0..<size {
    copyStrided(
      from: x + index * stride, to: y + index * inner, sizes: sizes.dropFirst(),
      strides: strides.dropFirst())
  }
}
