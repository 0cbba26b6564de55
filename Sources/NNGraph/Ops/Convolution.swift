import CKernels
import NNTensor

/// How a filter moves over an image; see Dumoulin and Visin, "A guide to convolution arithmetic
/// for deep learning" (2016).
package struct ConvolutionGeometry: Sendable, Hashable {
  package var stride: (height: Int, width: Int) { (strideHeight, strideWidth) }
  package let kernelHeight, kernelWidth: Int
  package let strideHeight, strideWidth: Int
  /// One is a filter without holes.
  package let dilationHeight, dilationWidth: Int
  package let padTop, padLeft, padBottom, padRight: Int

  package init(
    kernel: (Int, Int), stride: (Int, Int) = (1, 1), dilation: (Int, Int) = (1, 1),
    padTop: Int = 0, padLeft: Int = 0, padBottom: Int = 0, padRight: Int = 0
  ) {
    (kernelHeight, kernelWidth) = kernel
    (strideHeight, strideWidth) = stride
    (dilationHeight, dilationWidth) = dilation
    self.padTop = padTop
    self.padLeft = padLeft
    self.padBottom = padBottom
    self.padRight = padRight
  }

  /// The height and width of the result, or what does not fit.
  package func outputSize(_ height: Int, _ width: Int) throws(ShapeError) -> (Int, Int) {
    let coveredHeight = (kernelHeight - 1) * dilationHeight + 1
    let coveredWidth = (kernelWidth - 1) * dilationWidth + 1
    let (paddedHeight, paddedWidth) = (height + padTop + padBottom, width + padLeft + padRight)
    guard paddedHeight >= coveredHeight, paddedWidth >= coveredWidth else {
      throw ShapeError(
        """
        a window of \(coveredHeight)×\(coveredWidth) does not fit into an image of \
        \(height)×\(width)\(padTop + padLeft + padBottom + padRight > 0 ? " with its padding" : "")
        """)
    }
    return (
      (paddedHeight - coveredHeight) / strideHeight + 1,
      (paddedWidth - coveredWidth) / strideWidth + 1
    )
  }
}

/// A two-dimensional convolution (cross-correlation, as all such libraries have it).
///
/// - x: [batch, in, height, width]
/// - weight: [out, in/groups, kernel height, kernel width]
/// - bias: [out], where fusion has added it
/// - y: [batch, out, height′, width′]
package struct Conv2d: Op {
  package let geometry: ConvolutionGeometry
  package let groups: Int
  package let hasBias: Bool
  package let rectifies: Bool

  package init(
    _ geometry: ConvolutionGeometry, groups: Int = 1, hasBias: Bool = false,
    rectifies: Bool = false
  ) {
    self.geometry = geometry
    self.groups = groups
    self.hasBias = hasBias
    self.rectifies = rectifies
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (x, weight) = (inputs[0].shape, inputs[1].shape)
    guard x.rank == 3, weight.rank == 4, x[0] == weight[1] * groups, weight[0] % groups == 0
    else { throw ShapeError("filters of \(weight) do not fit an image of \(x)") }
    let (height, width) = try geometry.outputSize(x[1], x[2])
    return [.batched([weight[0], height, width])]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let (x, weight) = (site.inputs[0], site.inputs[1])
    let dx =
      site.isNeeded[0]
      ? g.make(Conv2dInputGradient(geometry, groups: groups, shape: g.shape(x)), dy, weight)
      : nil
    let dw =
      site.isNeeded[1]
      ? g.make(Conv2dWeightGradient(geometry, groups: groups, shape: g.shape(weight)), x, dy)
      : nil
    return [dx, dw]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * outputs[0].count(rows: rows) * inputs[1].shape.count / inputs[1].shape[0])
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    forEachTap(x: inputs[0].sizes, weight: inputs[1].type.shape, y: result.sizes) { x, w, y in
      result.values[y] += inputs[0].values[x] * inputs[1].values[w]
    }
    let plane = outputs[0].shape[1] * outputs[0].shape[2]
    for index in result.values.indices {
      if hasBias { result.values[index] += inputs[2].values[index / plane % outputs[0].shape[0]] }
      if rectifies { result.values[index] = max(result.values[index], 0) }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    var shape = shape(x: site.inputs[0], y: site.outputs[0])
    shape.has_bias = hasBias
    shape.activation = rectifies ? NN_ACTIVATION_RELU : NN_ACTIVATION_NONE
    guard let convolution = nn_conv2d_create(&shape, NN_CONV2D_FORWARD) else {
      throw .last("convolution")
    }
    return try bound(
      convolution, site.inputs[0], site.inputs[1], hasBias ? site.inputs[2] : nil,
      site.outputs[0])
  }
}

/// The gradient of a convolution's input.
///
/// - dy: [batch, out, height′, width′]
/// - weight: [out, in/groups, kernel height, kernel width]
/// - dx: [batch, in, height, width]
package struct Conv2dInputGradient: Op {
  let geometry: ConvolutionGeometry
  let groups: Int
  /// Of dx.
  let shape: Shape

  init(_ geometry: ConvolutionGeometry, groups: Int, shape: Shape) {
    self.geometry = geometry
    self.groups = groups
    self.shape = shape
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.batched(shape)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * inputs[0].count(rows: rows) * inputs[1].shape.count / inputs[1].shape[0])
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    Conv2d(geometry, groups: groups).forEachTap(
      x: result.sizes, weight: inputs[1].type.shape, y: inputs[0].sizes
    ) { x, w, y in
      result.values[x] += inputs[0].values[y] * inputs[1].values[w]
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    var shape = Conv2d(geometry, groups: groups).shape(x: site.outputs[0], y: site.inputs[0])
    guard let convolution = nn_conv2d_create(&shape, NN_CONV2D_BACKWARD_DATA) else {
      throw .last("convolution's input gradient")
    }
    return try bound(convolution, site.outputs[0], site.inputs[1], nil, site.inputs[0])
  }
}

/// The gradient of a convolution's weight, summed over this shard's samples.
///
/// - x: [batch, in, height, width]
/// - dy: [batch, out, height′, width′]
/// - dw: [out, in/groups, kernel height, kernel width]
package struct Conv2dWeightGradient: Op {
  let geometry: ConvolutionGeometry
  let groups: Int
  /// Of dw.
  let shape: Shape

  init(_ geometry: ConvolutionGeometry, groups: Int, shape: Shape) {
    self.geometry = geometry
    self.groups = groups
    self.shape = shape
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.single(shape)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * inputs[1].count(rows: rows) * shape.count / shape[0])
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    Conv2d(geometry, groups: groups).forEachTap(
      x: inputs[0].sizes, weight: shape, y: inputs[1].sizes
    ) { x, w, y in
      result.values[w] += inputs[0].values[x] * inputs[1].values[y]
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    var shape = Conv2d(geometry, groups: groups).shape(x: site.inputs[0], y: site.inputs[1])
    guard let convolution = nn_conv2d_create(&shape, NN_CONV2D_BACKWARD_WEIGHTS) else {
      throw .last("convolution's weight gradient")
    }
    return try bound(convolution, site.inputs[0], site.outputs[0], nil, site.inputs[1])
  }
}

extension Conv2d {
  /// Calls `body` with the offsets of every product of the definition:
  /// y[n, o, i, j] = Σ x[n, c, i·stride + u·dilation − pad, …] · w[o, c, u, v].
  fileprivate func forEachTap(
    x: [Int], weight: Shape, y: [Int], _ body: (_ x: Int, _ weight: Int, _ y: Int) -> Void
  ) {
    let g = geometry
    let outPerGroup = weight[0] / groups
    forEachIndex([y[0], y[1], weight[1], y[2], y[3], weight[2], weight[3]]) { index in
      let (n, o, c, i, j, u, v) = (
        index[0], index[1], index[2], index[3], index[4], index[5], index[6]
      )
      let row = i * g.strideHeight + u * g.dilationHeight - g.padTop
      let column = j * g.strideWidth + v * g.dilationWidth - g.padLeft
      guard row >= 0, row < x[2], column >= 0, column < x[3] else { return }
      let channel = o / outPerGroup * weight[1] + c
      body(
        ((n * x[1] + channel) * x[2] + row) * x[3] + column,
        ((o * weight[1] + c) * weight[2] + u) * weight[3] + v,
        ((n * y[1] + o) * y[2] + i) * y[3] + j)
    }
  }

  fileprivate func shape(x: Operand, y: Operand) -> nn_conv2d_shape {
    var shape = nn_conv2d_shape()
    shape.batch = Int64(x.rows)
    shape.groups = Int64(groups)
    shape.in_channels = Int64(x.type.shape[0])
    shape.out_channels = Int64(y.type.shape[0])
    shape.in_h = Int64(x.type.shape[1])
    shape.in_w = Int64(x.type.shape[2])
    shape.kernel_h = Int64(geometry.kernelHeight)
    shape.kernel_w = Int64(geometry.kernelWidth)
    shape.stride_h = Int64(geometry.strideHeight)
    shape.stride_w = Int64(geometry.strideWidth)
    shape.dilation_h = Int64(geometry.dilationHeight)
    shape.dilation_w = Int64(geometry.dilationWidth)
    shape.pad_top = Int64(geometry.padTop)
    shape.pad_left = Int64(geometry.padLeft)
    shape.pad_bottom = Int64(geometry.padBottom)
    shape.pad_right = Int64(geometry.padRight)
    return shape
  }
}

/// Binds one of the three convolution primitives; which operand it writes is its own affair.
private func bound(
  _ convolution: OpaquePointer, _ x: Operand, _ weight: Operand, _ bias: Operand?, _ y: Operand
) throws(KernelError) -> Kernel {
  let owner = Owned(convolution, destroy: nn_conv2d_destroy)
  guard
    let call = nn_conv2d_bind(convolution, x.floats, weight.floats, bias?.floats, y.floats)
  else { throw .last("convolution") }
  let bound = Owned(call, destroy: nn_conv2d_call_destroy)
  return Kernel { _ in
    withExtendedLifetime(owner) { nn_conv2d_call_run(bound.pointer) }
  }
}
