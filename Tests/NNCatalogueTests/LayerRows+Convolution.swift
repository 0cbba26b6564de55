import NNTensor

/// What stands before a layer of sequences or volumes and keeps the shape.
private func same(_ rank: Int, _ channels: Int) -> [String] {
  ["conv\(rank - 1)d: {filters: \(channels), kernel: 1}"]
}

private func row(
  _ text: String, _ input: Shape, to output: Shape, parameters: [String: Shape] = [:],
  isComparable: Bool = true
) -> LayerRow {
  let word = String(text.prefix { $0 != ":" })
  return LayerRow(
    word, text, before: same(input.rank, input[0]), input: input, output: output,
    parameters: parameters, isComparable: isComparable)
}

private let convolutionRows: [LayerRow] = [
  row("conv1d: 3", [2, 5], to: [3, 3], parameters: ["weight": [3, 2, 3], "bias": [3]]),
  row(
    "conv1d: {filters: 4, kernel: 2, stride: 2, padding: same, dilation: 2, groups: 2, "
      + "activation: tanh, bias: false}", [2, 7], to: [4, 4], parameters: ["weight": [4, 1, 2]]),
  row(
    "conv3d: {filters: 2, kernel: 2}", [2, 3, 3, 2], to: [2, 2, 2, 1],
    parameters: ["weight": [2, 2, 2, 2, 2], "bias": [2]]),
  row(
    "conv3d: {filters: 2, kernel: [1, 3, 2], stride: [2, 1, 1], padding: [0, 1, 1], groups: 2}",
    [2, 3, 3, 2], to: [2, 2, 3, 3], parameters: ["weight": [2, 1, 1, 3, 2], "bias": [2]]),
  row(
    "conv_transpose1d: 3", [2, 4], to: [3, 6], parameters: ["weight": [2, 3, 3], "bias": [3]]),
  row(
    "conv_transpose1d: {filters: 2, kernel: 4, stride: 2, padding: 1, output_padding: 1, groups: 2}",
    [2, 4], to: [2, 9], parameters: ["weight": [2, 1, 4], "bias": [2]]),
  row(
    "conv_transpose2d: {filters: 3, kernel: 2, stride: 2, activation: tanh}", [2, 2, 3],
    to: [3, 4, 6], parameters: ["weight": [2, 3, 2, 2], "bias": [3]]),
  row(
    "conv_transpose2d: {filters: 2, kernel: [3, 2], stride: [2, 3], padding: same, bias: false}",
    [2, 2, 2], to: [2, 4, 6], parameters: ["weight": [2, 2, 3, 2]]),
  row(
    "conv_transpose2d: {filters: 1, kernel: 2, stride: [1, 2], dilation: [2, 1], "
      + "output_padding: [0, 1]}", [2, 2, 2], to: [1, 4, 5],
    parameters: ["weight": [2, 1, 2, 2], "bias": [1]]),
  row(
    "depthwise_conv2d: 2", [3, 3, 4], to: [3, 2, 3],
    parameters: ["weight": [3, 1, 2, 2], "bias": [3]]),
  row(
    "depthwise_conv2d: {kernel: [3, 1], multiplier: 2, stride: 2, padding: same, bias: false}",
    [2, 3, 4], to: [4, 2, 2], parameters: ["weight": [4, 1, 3, 1]]),
  row(
    "separable_conv2d: {filters: 3, kernel: 2, activation: tanh}", [2, 3, 4], to: [3, 2, 3],
    parameters: [
      "depthwise_weight": [2, 1, 2, 2], "pointwise_weight": [3, 2, 1, 1], "bias": [3],
    ]),
  row(
    "separable_conv2d: {filters: 3, multiplier: 2, padding: 1, dilation: [1, 2], bias: false}",
    [2, 3, 4], to: [3, 3, 2],
    parameters: ["depthwise_weight": [4, 1, 3, 3], "pointwise_weight": [3, 4, 1, 1]]),
]

private let poolingRows: [LayerRow] = [
  row("max_pool1d: 2", [2, 5], to: [2, 2]),
  row("max_pool1d: {kernel: 3, stride: 1, padding: same}", [2, 5], to: [2, 5]),
  row("max_pool3d: 2", [2, 3, 2, 4], to: [2, 1, 1, 2]),
  row(
    "max_pool3d: {kernel: [2, 1, 3], stride: 1, padding: [1, 0, 1]}", [1, 2, 2, 3],
    to: [1, 3, 2, 3]),
  row("avg_pool1d: {kernel: 3, stride: 2, padding: 1}", [2, 5], to: [2, 3]),
  row("avg_pool1d: {kernel: 3, padding: 1, count_padding: false}", [2, 5], to: [2, 2]),
  row("avg_pool3d: [1, 2, 3]", [2, 2, 2, 4], to: [2, 2, 1, 1]),
  row(
    "avg_pool3d: {kernel: 2, stride: 1, padding: 1, count_padding: false}", [1, 2, 2, 2],
    to: [1, 3, 3, 3]),
  row("global_max_pool1d: {}", [2, 4], to: [2]),
  row("global_max_pool2d: {}", [2, 3, 4], to: [2]),
  row("global_max_pool3d: {}", [2, 2, 2, 3], to: [2]),
  row("global_avg_pool1d: {}", [2, 4], to: [2]),
  row("global_avg_pool3d: {}", [2, 2, 2, 3], to: [2]),
  row("adaptive_avg_pool2d: [2, 3]", [2, 5, 4], to: [2, 2, 3]),
  row("adaptive_avg_pool2d: 4", [2, 3, 4], to: [2, 4, 4]),
  row("adaptive_max_pool2d: [2, 3]", [2, 5, 4], to: [2, 2, 3]),
  row("adaptive_max_pool2d: 4", [2, 3, 4], to: [2, 4, 4]),
]

private let resamplingRows: [LayerRow] = [
  row("upsample: 2", [2, 2, 3], to: [2, 4, 6]),
  row("upsample: {factor: [1, 3], mode: bilinear}", [2, 2, 3], to: [2, 2, 9]),
  row("upsample: {factor: 2, mode: linear}", [2, 3], to: [2, 6]),
  row("upsample: {factor: [2, 1, 3], mode: trilinear}", [1, 2, 2, 2], to: [1, 4, 2, 6]),
  row("pad: 1", [2, 3], to: [2, 5]),
  row("pad: {size: 1, top: 2, left: 0, value: -0.5}", [2, 2, 3], to: [2, 5, 4]),
  row("pad: {right: 2, bottom: 1, mode: reflect}", [2, 2, 3], to: [2, 3, 5]),
  row("pad: {front: 2, left: 1, mode: replicate}", [1, 2, 2, 2], to: [1, 4, 2, 3]),
  row("crop: 1", [2, 4], to: [2, 2]),
  row("crop: {top: 1, right: 2}", [2, 3, 4], to: [2, 2, 2]),
  row("crop: {back: 1}", [1, 2, 2, 2], to: [1, 1, 2, 2]),
]

private let normalisationRows: [LayerRow] = [
  row(
    "batch_norm: {}", [3, 4], to: [3, 4],
    parameters: ["weight": [3], "bias": [3], "running_mean": [3], "running_var": [3]]),
  row(
    "batch_norm: {affine: false}", [2, 2, 2, 2], to: [2, 2, 2, 2],
    parameters: ["running_mean": [2], "running_var": [2]]),
  row("local_response_norm: {size: 3, alpha: 2, k: 0.5}", [4, 3], to: [4, 3]),
  row("local_response_norm: {size: 2, alpha: 1, beta: 1.5}", [3, 2, 3], to: [3, 2, 3]),
  row("spatial_dropout: 0.4", [4, 3], to: [4, 3]),
  row("spatial_dropout: 0.4", [4, 3, 2], to: [4, 3, 2]),
  row(
    "squeeze_excite: 2", [4, 3, 2], to: [4, 3, 2],
    parameters: [
      "squeeze.weight": [2, 4], "squeeze.bias": [2], "excite.weight": [4, 2], "excite.bias": [4],
    ]),
  row(
    "squeeze_excite: {ratio: 16, activation: tanh}", [3, 5], to: [3, 5],
    parameters: [
      "squeeze.weight": [1, 3], "squeeze.bias": [1], "excite.weight": [3, 1], "excite.bias": [3],
    ]),
]

/// Convolution, pooling, resampling and what goes with them.
let convolutionLayerRows = convolutionRows + poolingRows + resamplingRows + normalisationRows
