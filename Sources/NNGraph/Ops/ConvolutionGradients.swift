import CKernels
package import NNTensor

/// The gradient of a convolution's input; by itself the transposed convolution of Zeiler et al.,
/// "Deconvolutional Networks" (2010).
///
/// - dy: [batch, out, size′…]
/// - weight: [out, in/groups, kernel…]
/// - dx: [batch, in, size…]
package struct ConvolutionInputGradient: NarrowableOp {
  let geometry: ConvolutionGeometry
  let groups: Int
  /// Of dx.
  let shape: Shape

  package init(_ geometry: ConvolutionGeometry, groups: Int = 1, shape: Shape) {
    self.geometry = geometry
    self.groups = groups
    self.shape = shape
  }

  package var layout: LayoutRule { .channelsLast }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (dy, weight) = (inputs[0].shape, inputs[1].shape)
    let forward = try Convolution(geometry, groups: groups).outputTypes([
      .batched(shape), inputs[1],
    ])
    guard forward[0].shape == dy else {
      throw ShapeError("filters of \(weight) do not lead from \(shape) to \(dy)")
    }
    return [.batched(shape)]
  }

  /// It is linear in both operands, so its gradients are the other convolutions.
  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let gradient = site.gradients[0] else { return [nil, nil] }
    let (dy, weight) = (site.inputs[0], site.inputs[1])
    let weightGradient = ConvolutionWeightGradient(
      geometry, groups: groups, shape: g.shape(weight))
    return [
      site.isNeeded[0] ? g.make(Convolution(geometry, groups: groups), gradient, weight) : nil,
      site.isNeeded[1] ? g.make(weightGradient, gradient, dy) : nil,
    ]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 2 * inputs[0].count(rows: rows) * inputs[1].shape.count / inputs[1].shape[0])
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    let forward = Convolution(geometry, groups: groups)
    return forward.isWorthNarrowing(weight: inputs[1].shape) ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .convolution(channels: channels(weight: inputs[1].shape, groups: groups))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    Convolution(geometry, groups: groups).forEachTap(
      x: result.sizes, weight: inputs[1].type.shape, y: inputs[0].sizes
    ) { x, w, y in
      result.values[x] += inputs[0].values[y] * inputs[1].values[w]
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let forward = Convolution(geometry, groups: groups)
    var shape = forward.shape(x: site.outputs[0], y: site.inputs[0])
    return try forward.bound(
      &shape, NN_CONVOLUTION_BACKWARD_DATA, site.outputs[0], site.inputs[1], nil, site.inputs[0])
  }
}

/// The gradient of a convolution's weight, summed over this shard's samples.
///
/// - x: [batch, in, size…]
/// - dy: [batch, out, size′…]
/// - dw: [out, in/groups, kernel…]
package struct ConvolutionWeightGradient: NarrowableOp {
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

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    Convolution(geometry, groups: groups).isWorthNarrowing(weight: shape) ? [0, 1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .convolution(channels: channels(weight: shape, groups: groups))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    Convolution(geometry, groups: groups).forEachTap(
      x: inputs[0].sizes, weight: shape, y: inputs[1].sizes
    ) { x, w, y in
      result.values[w] += inputs[0].values[x] * inputs[1].values[y]
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let forward = Convolution(geometry, groups: groups)
    var shape = forward.shape(x: site.inputs[0], y: site.inputs[1])
    return try forward.bound(
      &shape, NN_CONVOLUTION_BACKWARD_WEIGHTS, site.inputs[0], site.outputs[0], nil, site.inputs[1])
  }
}
