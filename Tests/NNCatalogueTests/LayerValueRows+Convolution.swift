import NNModel
import NNTensor

private let ones8 = [Double](repeating: 1, count: 8)
private let cube: [Double] = [1, 2, 3, 4, 5, 6, 7, 8]

/// Convolution, pooling, resampling and what goes with them.
let convolutionValueRows: [LayerValueRow] = [
  .init(
    "conv1d", "conv1d: {filters: 1, kernel: 2}", [1, 4], to: [1, 3], [[1, 2, 4, 7]],
    parameters: ["it.weight": [1, -1], "it.bias": [10]], gives: [[9, 8, 7]]),
  .init(
    "conv3d", "conv3d: {filters: 1, kernel: 2}", [1, 2, 2, 2], to: [1, 1, 1, 1], [cube],
    parameters: ["it.weight": ones8, "it.bias": [1]], gives: [[37]]),
  .init(
    "conv_transpose1d", "conv_transpose1d: {filters: 1, kernel: 3, stride: 2}", [1, 2],
    to: [1, 5], [[1, 2]], parameters: ["it.weight": [1, 10, 100], "it.bias": [0.5]],
    gives: [[1.5, 10.5, 102.5, 20.5, 200.5]]),
  .init(
    "conv_transpose2d", "conv_transpose2d: {filters: 1, kernel: 2, stride: 2, bias: false}",
    [1, 1, 2], to: [1, 2, 4], [[1, 2]], parameters: ["it.weight": [1, 2, 3, 4]],
    gives: [[1, 2, 2, 4, 3, 4, 6, 8]]),
  .init(
    "depthwise_conv2d", "depthwise_conv2d: {kernel: [1, 2], multiplier: 2, bias: false}",
    [2, 1, 2], to: [4, 1, 1], [[1, 2, 3, 4]],
    parameters: ["it.weight": [1, 0, 0, 1, 1, 1, 1, -1]], gives: [[1, 2, 7, -1]]),
  .init(
    "separable_conv2d", "separable_conv2d: {filters: 1, kernel: [1, 2], bias: false}",
    [2, 1, 2], to: [1, 1, 1], [[1, 2, 3, 4]],
    parameters: ["it.depthwise_weight": [1, 1, 1, -1], "it.pointwise_weight": [2, 10]],
    gives: [[-4]]),
  .init(
    "max_pool1d", "max_pool1d: {kernel: 2, stride: 1}", [1, 4], to: [1, 3], [[1, 3, 2, 0]],
    gives: [[3, 3, 2]]),
  .init(
    "avg_pool1d", "avg_pool1d: 2", [1, 4], to: [1, 2], [[1, 3, 2, 0]], gives: [[2, 1]]),
  .init(
    "max_pool3d", "max_pool3d: 2", [1, 2, 2, 2], to: [1, 1, 1, 1], [cube.map { -$0 }],
    gives: [[-1]]),
  .init(
    "avg_pool3d", "avg_pool3d: {kernel: 2, stride: 2, padding: [0, 1, 0]}", [1, 2, 2, 2],
    to: [1, 1, 2, 1], [cube], gives: [[14.0 / 8, 22.0 / 8]]),
  .init(
    "global_max_pool1d", "global_max_pool1d: {}", [2, 2], to: [2], [[1, 3, 5, 2]],
    gives: [[3, 5]]),
  .init(
    "global_max_pool2d", "global_max_pool2d: {}", [2, 1, 2], to: [2], [[-3, -1, 5, 2]],
    gives: [[-1, 5]]),
  .init(
    "global_max_pool3d", "global_max_pool3d: {}", [1, 2, 1, 2], to: [1], [[-4, -3, -9, -5]],
    gives: [[-3]]),
  .init(
    "global_avg_pool1d", "global_avg_pool1d: {}", [2, 2], to: [2], [[1, 3, 5, 9]],
    gives: [[2, 7]]),
  .init(
    "global_avg_pool3d", "global_avg_pool3d: {}", [1, 2, 1, 2], to: [1], [[1, 2, 3, 6]],
    gives: [[3]]),
  .init(
    "adaptive_avg_pool2d", "adaptive_avg_pool2d: [1, 2]", [1, 2, 3], to: [1, 1, 2],
    [[1, 2, 3, 4, 5, 6]], gives: [[3, 4]]),
  .init(
    "adaptive_max_pool2d", "adaptive_max_pool2d: [1, 2]", [1, 2, 3], to: [1, 1, 2],
    [[1, 2, 3, 4, 5, 6]], gives: [[5, 6]]),
  .init(
    "upsample", "upsample: 2", [1, 1, 2], to: [1, 2, 4], [[1, 2]],
    gives: [[1, 1, 2, 2, 1, 1, 2, 2]]),
  .init(
    "upsample", "upsample: {factor: 2, mode: linear}", [1, 2], to: [1, 4], [[0, 4]],
    gives: [[0, 1, 3, 4]]),
  .init(
    "pad", "pad: {left: 2, mode: reflect}", [1, 3], to: [1, 5], [[1, 2, 3]],
    gives: [[3, 2, 1, 2, 3]]),
  .init(
    "pad", "pad: {size: 1, bottom: 0, value: 9}", [1, 1, 1], to: [1, 2, 3], [[1]],
    gives: [[9, 9, 9, 9, 1, 9]]),
  .init("crop", "crop: {left: 1}", [1, 3], to: [1, 2], [[1, 2, 3]], gives: [[2, 3]]),
  .init(
    "local_response_norm", "local_response_norm: {size: 3, alpha: 3, beta: 1}", [3, 1], to: [3, 1],
    [[1, 2, 3]], gives: [[1.0 / 6, 2.0 / 15, 3.0 / 14]]),
  .init(
    "spatial_dropout", "spatial_dropout: 0.5", [2, 1], to: [2, 1], [[1, 2]], mode: .inference,
    gives: [[1, 2]]),
  .init(
    "squeeze_excite", "squeeze_excite: 2", [2, 1], to: [2, 1], [[2, 4]],
    parameters: [
      "it.squeeze.weight": [1, 0], "it.squeeze.bias": [0], "it.excite.weight": [-1, 0],
      // The sigmoid of 0 is a half, that of log 3 three quarters.
      "it.excite.bias": [2, 1.098_612_288_668_11],
    ], gives: [[1, 3]]),
]
