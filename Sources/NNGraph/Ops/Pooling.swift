import CKernels
import NNTensor

/// The largest or the mean value of each window of a sequence, an image or a volume.
///
/// - x: [batch, channels, size…], one to three sizes as the geometry has axes
/// - outputs: y [batch, channels, size′…]; of the largest also where each was found, as an index
///   into the plane
///
/// Over a volume a window moves over the planes or along the depth; see
/// ``GraphBuilder/pool(_:_:_:)``.
package struct Pool: Op {
  package enum Kind: Sendable, Hashable {
    case largest
    /// Padding counts as zeros in the mean where `countsPadding`.
    case mean(countsPadding: Bool)
  }

  package let kind: Kind
  package let geometry: ConvolutionGeometry

  package init(_ kind: Kind, _ geometry: ConvolutionGeometry) {
    self.kind = kind
    self.geometry = geometry
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let x = inputs[0].shape
    let axes = geometry.axes
    guard x.rank == axes.count + 1, axes.allSatisfy({ $0.dilation == 1 }),
      axes.count < 3 || axes[0] == .trivial || axes.dropFirst().allSatisfy({ $0 == .trivial })
    else { throw ShapeError("a window of \(described(geometry.kernel)) cannot move over \(x)") }
    let sizes = try geometry.outputSizes(Array(x.sizes.dropFirst()))
    let y = ValueType.batched(Shape([x[0]] + sizes))
    guard kind == .largest else { return [y] }
    return [y, ValueType(y.shape, isBatched: true, dataType: .int32)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let gradient = PoolGradient(kind, geometry, shape: g.shape(site.inputs[0]))
    return g.makeAll(gradient, [dy] + site.outputs.dropFirst())
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    let taps = zip(geometry.axes, inputs[0].shape.sizes.dropFirst()).map { min($0.kernel, $1) }
    return Cost(operations: outputs[0].count(rows: rows) * taps.reduce(1, *))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let x = inputs[0].values
    forEachWindow(x: inputs[0].type.shape, y: outputs[0].shape, rows: rows) { plane, taps, y in
      switch kind {
      case .largest:
        var best = taps[0]
        for tap in taps where x[plane + tap] > x[plane + best] { best = tap }
        results[0].values[y] = x[plane + best]
        results[1].values[y] = Double(best)
      case .mean(let countsPadding):
        results[0].values[y] =
          taps.reduce(0) { $0 + x[plane + $1] } / divisor(taps.count, countsPadding)
      }
    }
    return results
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    var pool = shape(x: site.inputs[0], y: site.outputs[0])
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    switch kind {
    case .largest:
      let places = site.outputs[1].indices
      return Kernel { _ in nn_max_pool(&pool, x, y, places) }
    case .mean(let countsPadding):
      return Kernel { _ in nn_avg_pool(&pool, x, y, countsPadding) }
    }
  }
}

/// The gradient of what was pooled: to where the largest was, or spread over the window.
///
/// - inputs: dy [batch, channels, size′…]; of the largest also the indices
/// - dx: [batch, channels, size…]
package struct PoolGradient: Op {
  let kind: Pool.Kind
  let geometry: ConvolutionGeometry
  /// Of dx.
  let shape: Shape

  init(_ kind: Pool.Kind, _ geometry: ConvolutionGeometry, shape: Shape) {
    self.kind = kind
    self.geometry = geometry
    self.shape = shape
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.batched(shape)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let pool = Pool(kind, geometry)
    pool.forEachWindow(x: shape, y: inputs[0].type.shape, rows: rows) { plane, taps, y in
      let dy = inputs[0].values[y]
      switch kind {
      case .largest: result.values[plane + Int(inputs[1].values[y])] += dy
      case .mean(let countsPadding):
        let share = dy / pool.divisor(taps.count, countsPadding)
        for tap in taps { result.values[plane + tap] += share }
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    var pool = Pool(kind, geometry).shape(x: site.outputs[0], y: site.inputs[0])
    let (dy, dx) = (site.inputs[0].floats, site.outputs[0].floats)
    switch kind {
    case .largest:
      let places = site.inputs[1].indices
      return Kernel { _ in nn_max_pool_gradient(&pool, dy, places, dx) }
    case .mean(let countsPadding):
      return Kernel { _ in nn_avg_pool_gradient(&pool, dy, dx, countsPadding) }
    }
  }
}

extension GraphBuilder {
  /// Pools over all axes.
  ///
  /// Volumes are pooled over their planes first and along the depth then: the largest of the
  /// largest is the same element, and as the planes of a window have windows of one size, the mean
  /// of their means is the same mean.
  package mutating func pool(
    _ x: Value, _ kind: Pool.Kind, _ geometry: ConvolutionGeometry
  ) throws(ShapeError) -> Value {
    let axes = geometry.axes
    guard axes.count == 3 else { return try apply(Pool(kind, geometry), x) }
    // Of the whole window, before parts of it are tried.
    _ = try geometry.outputSizes(Array(shape(x).sizes.dropFirst()))
    var y = x
    if axes.dropFirst() != [.trivial, .trivial] {
      y = try apply(Pool(kind, .init([.trivial, axes[1], axes[2]])), y)
    }
    if axes[0] != .trivial { y = try apply(Pool(kind, .init([axes[0], .trivial, .trivial])), y) }
    return y
  }
}

extension Pool {
  /// A sample as a stack of planes for each channel, over which a window moves in two directions.
  private struct Planes {
    var stack = 1
    var height = 1
    let width: Int

    init(_ shape: Shape, _ geometry: ConvolutionGeometry) {
      let sizes = shape.sizes.dropFirst()
      if sizes.count == 3, geometry.axes[0] != .trivial {
        // Along the depth a plane is one long row.
        (height, width) = (shape[1], shape[2] * shape[3])
      } else {
        if sizes.count == 3 { stack = shape[1] }
        if sizes.count >= 2 { height = shape[shape.rank - 2] }
        width = shape[shape.rank - 1]
      }
    }
  }

  /// How the window moves over those planes.
  private var window: (rows: ConvolutionGeometry.Axis, columns: ConvolutionGeometry.Axis) {
    let axes = geometry.axes
    if axes.count == 3, axes[0] != .trivial { return (axes[0], .trivial) }
    return (axes.count > 1 ? axes[axes.count - 2] : .trivial, axes[axes.count - 1])
  }

  /// Calls `body` for every window of plain memory: where its plane begins, its places in the plane
  /// row by row without the padding, and its output.
  fileprivate func forEachWindow(
    x: Shape, y: Shape, rows: Int, _ body: (_ plane: Int, _ taps: [Int], _ y: Int) -> Void
  ) {
    let (from, to) = (Planes(x, geometry), Planes(y, geometry))
    var position = 0
    forEachIndex([rows * x[0] * from.stack, to.height, to.width]) { index in
      let i = window.rows.places(index[1], from.height)
      let j = window.columns.places(index[2], from.width)
      body(
        index[0] * from.height * from.width, i.flatMap { row in j.map { row * from.width + $0 } },
        position)
      position += 1
    }
  }

  fileprivate func divisor(_ taps: Int, _ countsPadding: Bool) -> Double {
    Double(countsPadding ? geometry.kernel.reduce(1, *) : taps)
  }

  fileprivate func shape(x: Operand, y: Operand) -> nn_pool {
    let (from, to) = (Planes(x.type.shape, geometry), Planes(y.type.shape, geometry))
    let (rows, columns) = window
    var pool = nn_pool()
    pool.batch = Int64(x.rows * from.stack)
    pool.channels = Int64(x.type.shape[0])
    (pool.in_h, pool.in_w) = (Int64(from.height), Int64(from.width))
    (pool.out_h, pool.out_w) = (Int64(to.height), Int64(to.width))
    (pool.kernel_h, pool.kernel_w) = (Int64(rows.kernel), Int64(columns.kernel))
    (pool.stride_h, pool.stride_w) = (Int64(rows.stride), Int64(columns.stride))
    (pool.pad_top, pool.pad_left) = (Int64(rows.padBefore), Int64(columns.padBefore))
    return pool
  }
}

extension ConvolutionGeometry.Axis {
  /// The places of a window along an axis, without the padding.
  fileprivate func places(_ index: Int, _ size: Int) -> Range<Int> {
    let start = index * stride - padBefore
    return max(start, 0)..<min(start + kernel, size)
  }
}
