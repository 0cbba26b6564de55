import CKernels
import NNTensor

/// A convolution (cross-correlation, as all such libraries have it) of sequences, images or
/// volumes.
///
/// - x: [batch, in, size…], one to three sizes as the geometry has axes
/// - weight: [out, in/groups, kernel…]
/// - bias: [out], where fusion has added it
/// - y: [batch, out, size′…]
package struct Convolution: NarrowableOp {
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
    guard x.rank == geometry.axes.count + 1, weight.rank == x.rank + 1,
      x[0] == weight[1] * groups, weight[0] % groups == 0
    else { throw ShapeError("filters of \(weight) do not fit an image of \(x)") }
    let sizes = try geometry.outputSizes(Array(x.sizes.dropFirst()))
    return [.batched(Shape([weight[0]] + sizes))]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let (x, weight) = (site.inputs[0], site.inputs[1])
    let dx =
      site.isNeeded[0]
      ? g.make(ConvolutionInputGradient(geometry, groups: groups, shape: g.shape(x)), dy, weight)
      : nil
    let dw =
      site.isNeeded[1]
      ? g.make(ConvolutionWeightGradient(geometry, groups: groups, shape: g.shape(weight)), x, dy)
      : nil
    return [dx, dw]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * outputs[0].count(rows: rows) * inputs[1].shape.count / inputs[1].shape[0])
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    isWorthNarrowing(weight: inputs[1].shape) ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .convolution(channels: channels(weight: inputs[1].shape, groups: groups))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    forEachTap(x: inputs[0].sizes, weight: inputs[1].type.shape, y: result.sizes) { x, w, y in
      result.values[y] += inputs[0].values[x] * inputs[1].values[w]
    }
    let channels = outputs[0].shape[0]
    let plane = outputs[0].shape.count / channels
    for index in result.values.indices {
      if hasBias { result.values[index] += inputs[2].values[index / plane % channels] }
      if rectifies { result.values[index] = max(result.values[index], 0) }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    var shape = shape(x: site.inputs[0], y: site.outputs[0])
    shape.has_bias = hasBias
    shape.activation = rectifies ? NN_ACTIVATION_RELU : NN_ACTIVATION_NONE
    return try bound(
      &shape, NN_CONVOLUTION_FORWARD, site.inputs[0], site.inputs[1],
      hasBias ? site.inputs[2] : nil, site.outputs[0])
  }
}

extension Convolution {
  /// Over samples; a single image is cut into stretches of lines.
  package func kernels(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel] {
    let (x, y) = (site.inputs[0], site.outputs[0])
    guard site.rows == 1, x.layout == .channelsLast, y.layout == .channelsLast,
      geometry.seesAtEveryLine
    else {
      return try kernelsBySamples(site, parts: parts)
    }
    var result: [Kernel] = []
    for lines in stretches(of: y.type.shape[1], parts: parts) {
      let (part, seen) = geometry.lines(lines, of: x.type.shape[1])
      let convolution = Convolution(part, groups: groups, hasBias: hasBias, rectifies: rectifies)
      let inputs = [x.lines(seen)] + site.inputs.dropFirst()
      result.append(
        try convolution.kernel(
          KernelSite(inputs: inputs, outputs: [y.lines(lines)], rows: site.rows)))
    }
    return result
  }

  /// Calls `body` with the offsets of every product of the definition:
  /// y[n, o, …, j] = Σ x[n, c, …, j·stride + v·dilation − pad] · w[o, c, …, v].
  func forEachTap(
    x: [Int], weight: Shape, y: [Int], _ body: (_ x: Int, _ weight: Int, _ y: Int) -> Void
  ) {
    let axes = geometry.axes
    let outPerGroup = weight[0] / groups
    let (xStrides, yStrides) = (Shape(x).strides, Shape(y).strides)
    let kernel = weight.sizes.dropFirst(2)
    forEachIndex([y[0], y[1], weight[1]] + y.dropFirst(2) + kernel) { index in
      let (n, o, c) = (index[0], index[1], index[2])
      let channel = o / outPerGroup * weight[1] + c
      var xOffset = n * xStrides[0] + channel * xStrides[1]
      var yOffset = n * yStrides[0] + o * yStrides[1]
      var wOffset = o * weight[1] + c
      for (place, axis) in axes.enumerated() {
        let (i, u) = (index[3 + place], index[3 + axes.count + place])
        let source = i * axis.stride + u * axis.dilation - axis.padBefore
        guard source >= 0, source < x[2 + place] else { return }
        xOffset += source * xStrides[2 + place]
        yOffset += i * yStrides[2 + place]
        wOffset = wOffset * axis.kernel + u
      }
      body(xOffset, wOffset, yOffset)
    }
  }

  /// Whether operands in bf16 save more than rounding them costs: where each element of an image
  /// goes into many sums.
  func isWorthNarrowing(weight: Shape) -> Bool {
    weight[1] >= 8 && weight[0] / groups >= 8
  }

  /// What the C side wants to know: always three axes, those that are missing of size one.
  func shape(x: Operand, y: Operand) -> nn_convolution_shape {
    let missing = 3 - geometry.axes.count
    let axes = [ConvolutionGeometry.Axis](repeating: .trivial, count: missing) + geometry.axes
    let sizes = [Int](repeating: 1, count: missing) + x.type.shape.sizes.dropFirst()
    var shape = nn_convolution_shape()
    shape.batch = Int64(x.rows)
    shape.groups = Int64(groups)
    shape.in_channels = Int64(x.type.shape[0])
    shape.out_channels = Int64(y.type.shape[0])
    (shape.in_d, shape.in_h, shape.in_w) = (Int64(sizes[0]), Int64(sizes[1]), Int64(sizes[2]))
    func each(_ value: (ConvolutionGeometry.Axis) -> Int) -> (Int64, Int64, Int64) {
      (Int64(value(axes[0])), Int64(value(axes[1])), Int64(value(axes[2])))
    }
    (shape.kernel_d, shape.kernel_h, shape.kernel_w) = each(\.kernel)
    (shape.stride_d, shape.stride_h, shape.stride_w) = each(\.stride)
    (shape.dilation_d, shape.dilation_h, shape.dilation_w) = each(\.dilation)
    (shape.pad_front, shape.pad_top, shape.pad_left) = each(\.padBefore)
    (shape.pad_back, shape.pad_bottom, shape.pad_right) = each(\.padAfter)
    return shape
  }

  /// Makes one of the three convolution primitives; which operand it writes is its own affair.
  func bound(
    _ shape: inout nn_convolution_shape, _ kind: nn_convolution_kind, _ x: Operand,
    _ weight: Operand, _ bias: Operand?, _ y: Operand
  ) throws(KernelError) -> Kernel {
    shape.operands =
      switch kind {
      case NN_CONVOLUTION_BACKWARD_DATA: operandType(weight, y)
      case NN_CONVOLUTION_BACKWARD_WEIGHTS: operandType(x, y)
      default: operandType(x, weight)
      }
    guard let convolution = nn_convolution_create(&shape, kind) else { throw .last("convolution") }
    let owner = Owned(convolution, destroy: nn_convolution_destroy)
    guard
      let call = nn_convolution_bind(
        convolution, x.pointer, weight.pointer, bias?.floats, y.pointer)
    else { throw .last("convolution") }
    let bound = Owned(call, destroy: nn_convolution_call_destroy)
    return Kernel { _ in
      withExtendedLifetime(owner) { nn_convolution_call_run(bound.pointer) }
    }
  }
}

extension Operand {
  /// Some lines along the first axis of a single image, whose channels are last.
  fileprivate func lines(_ range: Range<Int>) -> Operand {
    var sizes = type.shape.sizes
    let line = type.byteCount(rows: 1) / sizes[1]
    sizes[1] = range.count
    return Operand(
      pointer: pointer + range.lowerBound * line,
      type: ValueType(Shape(sizes), isBatched: type.isBatched, dataType: type.dataType),
      layout: layout, rows: rows)
  }
}

/// The geometric mean of the channels that go into a group and come out of it.
///
/// - weight: [out, in/groups, kernel…]
func channels(weight: Shape, groups: Int) -> Double {
  Double(weight[0] / groups * weight[1]).squareRoot()
}
