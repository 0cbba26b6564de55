import CKernels
import NNTensor

/// The largest or the mean value of each window of an image.
///
/// - x: [batch, channels, height, width]
/// - outputs: y [batch, channels, height′, width′]; of the largest also where each was found, as
///   an index into the plane
package struct Pool2d: Op {
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
    let (height, width) = try geometry.outputSize(x[1], x[2])
    let y = ValueType.batched([x[0], height, width])
    guard kind == .largest else { return [y] }
    return [y, ValueType(y.shape, isBatched: true, dataType: .int32)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    let gradient = Pool2dGradient(kind, geometry, shape: g.shape(site.inputs[0]))
    return g.makeAll(gradient, [dy] + site.outputs.dropFirst())
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(
      operations: outputs[0].count(rows: rows) * geometry.kernelHeight * geometry.kernelWidth)
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let x = inputs[0]
    var position = 0
    forEachIndex(results[0].sizes) { index in
      let taps = taps(index[2], index[3], x.sizes[2], x.sizes[3])
      let plane = (index[0] * x.sizes[1] + index[1]) * x.sizes[2] * x.sizes[3]
      switch kind {
      case .largest:
        var best = taps[0]
        for tap in taps where x.values[plane + tap] > x.values[plane + best] { best = tap }
        results[0].values[position] = x.values[plane + best]
        results[1].values[position] = Double(best)
      case .mean(let countsPadding):
        let sum = taps.reduce(0) { $0 + x.values[plane + $1] }
        results[0].values[position] = sum / divisor(taps.count, countsPadding)
      }
      position += 1
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

/// The gradient of a pooled image: to where the largest was, or spread over the window.
///
/// - inputs: dy [batch, channels, height′, width′]; of the largest also the indices
/// - dx: [batch, channels, height, width]
package struct Pool2dGradient: Op {
  let kind: Pool2d.Kind
  let geometry: ConvolutionGeometry
  /// Of dx.
  let shape: Shape

  init(_ kind: Pool2d.Kind, _ geometry: ConvolutionGeometry, shape: Shape) {
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
    let pool = Pool2d(kind, geometry)
    var position = 0
    forEachIndex(inputs[0].sizes) { index in
      let plane = (index[0] * shape[0] + index[1]) * shape[1] * shape[2]
      let dy = inputs[0].values[position]
      switch kind {
      case .largest: result.values[plane + Int(inputs[1].values[position])] += dy
      case .mean(let countsPadding):
        let taps = pool.taps(index[2], index[3], shape[1], shape[2])
        for tap in taps {
          result.values[plane + tap] += dy / pool.divisor(taps.count, countsPadding)
        }
      }
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    var pool = Pool2d(kind, geometry).shape(x: site.outputs[0], y: site.inputs[0])
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

extension Pool2d {
  /// Where in the plane the window of an output lies, row by row, without the padding.
  fileprivate func taps(_ i: Int, _ j: Int, _ height: Int, _ width: Int) -> [Int] {
    let top = i * geometry.strideHeight - geometry.padTop
    let left = j * geometry.strideWidth - geometry.padLeft
    let rows = max(top, 0)..<min(top + geometry.kernelHeight, height)
    let columns = max(left, 0)..<min(left + geometry.kernelWidth, width)
    return rows.flatMap { row in columns.map { row * width + $0 } }
  }

  fileprivate func divisor(_ taps: Int, _ countsPadding: Bool) -> Double {
    Double(countsPadding ? geometry.kernelHeight * geometry.kernelWidth : taps)
  }

  fileprivate func shape(x: Operand, y: Operand) -> nn_pool {
    var pool = nn_pool()
    pool.batch = Int64(x.rows)
    pool.channels = Int64(x.type.shape[0])
    pool.in_h = Int64(x.type.shape[1])
    pool.in_w = Int64(x.type.shape[2])
    pool.out_h = Int64(y.type.shape[1])
    pool.out_w = Int64(y.type.shape[2])
    pool.kernel_h = Int64(geometry.kernelHeight)
    pool.kernel_w = Int64(geometry.kernelWidth)
    pool.stride_h = Int64(geometry.strideHeight)
    pool.stride_w = Int64(geometry.strideWidth)
    pool.pad_top = Int64(geometry.padTop)
    pool.pad_left = Int64(geometry.padLeft)
    return pool
  }
}
