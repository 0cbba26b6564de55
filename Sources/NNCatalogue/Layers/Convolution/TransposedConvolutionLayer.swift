package import NNGraph
package import NNModel
import NNTensor

/// What transposed convolutions have in common: the gradient of a convolution with respect to its
/// input, as a layer; Zeiler et al., "Deconvolutional Networks" (2010).
///
/// Each element of the input puts a filter, scaled by it, into the result, `stride` apart. The
/// result is (size − 1)·stride − 2·padding + dilation·(kernel − 1) + output_padding + 1 long, with
/// `same` size·stride.
///
/// - input: [batch, channels, size…]
/// - output: [batch, filters, size′…]
/// - parameters: weight [channels, filters/groups, kernel…], bias [filters]
package protocol TransposedConvolutionLayer: ConvolutionLayer {
  var outputPadding: Sizes { get }
}

extension TransposedConvolutionLayer {
  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    try b.requireChannels(x, and: Sizes.axisNames, Self.word)
    let shape = b.shape(x)
    try requireGroups(groups, shape, filters)
    let sizes = try resultSizes(Array(shape.sizes.dropFirst()))
    let geometry = padding.geometry(
      kernel: kernel, stride: stride, dilation: dilation, over: sizes)
    let result = Shape([filters] + sizes)
    try b.checkSize(result)
    let weight = try b.weight(Shape([shape[0], filters / groups] + kernel.axes), weightInit)
    var y = try b.g.apply(
      ConvolutionInputGradient(geometry, groups: groups, shape: result), x, weight)
    if bias { y = b.addingBias(to: y, biasInit) }
    return try activation.lower(y, &b)
  }

  private func resultSizes(_ sizes: [Int]) throws(ShapeError) -> [Int] {
    let extra = outputPadding.axes
    if padding == .same {
      guard extra.allSatisfy({ $0 == 0 }) else {
        throw ShapeError(
          "padding: same leaves nothing to output_padding",
          help: "The result is the stride times as large; give padding a number if it shall not be."
        )
      }
      return zip(sizes, stride.axes).map { $0 * $1 }
    }
    // With more the convolution this is the gradient of would have seen another element.
    guard zip(extra, stride.axes).allSatisfy({ $0 < $1 }) else {
      throw ShapeError(
        "an output_padding of \(described(extra)) is not less than the stride of "
          + described(stride.axes))
    }
    let given: [Int] =
      if case .number(let pads) = padding { pads.axes } else { sizes.map { _ in 0 } }
    let results = sizes.indices.map { axis in
      (sizes[axis] - 1) * stride.axes[axis] - 2 * given[axis]
        + dilation.axes[axis] * (kernel.axes[axis] - 1) + extra[axis] + 1
    }
    guard results.allSatisfy({ $0 > 0 }) else {
      throw ShapeError(
        "a padding of \(described(given)) cuts off all that \(described(sizes)) becomes")
    }
    return results
  }
}
