import NNTensor

/// Layers of other shapes, of several values, of norms of a sample, and of noise.
let shapeLayerRows: [LayerRow] = [
  .init("permute", "permute: [1, 0]", input: [3, 4], output: [4, 3]),
  .init("permute", "permute: [2, 0, 1]", input: [2, 3, 4], output: [4, 2, 3]),
  .init(
    "squeeze", "squeeze: 1", before: ["dense: 4", "reshape: [2, 1, 2]"], input: [4], output: [2, 2]),
  .init(
    "squeeze", "squeeze: {}", before: ["dense: 4", "reshape: [1, 4, 1]"], input: [4], output: [4]),
  .init("unsqueeze", "unsqueeze: 0", input: [4], output: [1, 4]),
  .init("unsqueeze", "unsqueeze: 2", input: [3, 4], output: [3, 4, 1]),
  .init("slice", "slice: {start: 1, count: 2}", input: [4], output: [2]),
  .init("slice", "slice: {axis: 1, start: -3, step: 2}", input: [3, 4], output: [3, 2]),
  .init("slice", "slice: {axis: 2, stop: -1}", input: [2, 3, 4], output: [2, 3, 3]),
  .init("take", "take: last", input: [3, 4], output: [4]),
  .init("take", "take: {which: 1, axis: 2}", input: [2, 3, 4], output: [2, 3]),
  .init("reduce", "reduce: {function: sum, axes: [1]}", input: [3, 4], output: [3]),
  .init(
    "reduce", "reduce: {function: mean, axes: [2, 0], keepdims: true}", input: [2, 3, 4],
    output: [1, 3, 1]),
  .init("reduce", "reduce: {function: max, axes: [0]}", input: [3, 4], output: [4]),
  .init("reduce", "reduce: {function: max, axes: [0, 2]}", input: [2, 3, 4], output: [3]),
  .init("reduce", "reduce: {function: min, axes: [1, 2]}", input: [2, 3, 4], output: [2]),
  .init(
    "rms_norm", "rms_norm: {eps: 0.01}", input: [4], output: [4], parameters: ["weight": [4]]),
  .init("rms_norm", "rms_norm: {affine: false}", input: [2, 3, 4], output: [2, 3, 4]),
  .init(
    "group_norm", "group_norm: {groups: 2, eps: 0.01}", input: [4, 2, 3], output: [4, 2, 3],
    parameters: ["weight": [4], "bias": [4]]),
  .init(
    "group_norm", "group_norm: {groups: 3, eps: 0.01, affine: false}", input: [6], output: [6]),
  .init("instance_norm", "instance_norm: {eps: 0.01}", input: [2, 3, 4], output: [2, 3, 4]),
  .init(
    "instance_norm", "instance_norm: {eps: 0.01, affine: true}", input: [3, 4], output: [3, 4],
    parameters: ["weight": [3], "bias": [3]]),
  .init("scale", "scale: 0.1", input: [4], output: [4], parameters: ["weight": [4]]),
  .init(
    "scale", "scale: {offset: true}", input: [2, 3, 4], output: [2, 3, 4],
    parameters: ["weight": [2], "bias": [2]]),
  .init("scale", "scale: {axis: 0}", input: [3, 4], output: [3, 4], parameters: ["weight": [3]]),
  .init(
    "highway", "highway: {activation: tanh}", input: [4], output: [4],
    parameters: ["weight": [4, 4], "bias": [4], "gate_weight": [4, 4], "gate_bias": [4]]),
  .init(
    "highway", "highway: {activation: sigmoid}", input: [3, 4], output: [3, 4],
    parameters: ["weight": [4, 4], "bias": [4], "gate_weight": [4, 4], "gate_bias": [4]]),
  .init("alpha_dropout", "alpha_dropout: 0.4", input: [5], output: [5]),
  .init("alpha_dropout", "alpha_dropout: 0", input: [5], output: [5]),
  .init("drop_path", "drop_path: 0.4", input: [5], output: [5]),
  .init("drop_path", "drop_path: 0.4", input: [2, 3, 3], output: [2, 3, 3]),
  .init("drop_path", "drop_path: 0", input: [5], output: [5]),
  .init("gaussian_noise", "gaussian_noise: 0.5", input: [5], output: [5]),
  .init("gaussian_noise", "gaussian_noise: 0", input: [5], output: [5]),
  .init("stack", "stack: [a, b, a]", before: twins, input: [3], output: [3, 4]),
  .init(
    "stack", "stack: {inputs: [a, b], axis: 3}", before: imageTwins, input: [2, 3, 4],
    output: [2, 3, 4, 2]),
  .init("subtract", "subtract: [a, b]", before: twins, input: [3], output: [4]),
  .init("subtract", "subtract: [b, a]", before: imageTwins, input: [2, 3, 4], output: [2, 3, 4]),
  .init(
    "divide", "divide: [a, p]",
    before: twins + ["{activation: softplus, id: p, from: b}"], input: [3], output: [4]),
  .init("maximum", "maximum: [a, b]", before: twins, input: [3], output: [4]),
  .init("minimum", "minimum: [b, a]", before: imageTwins, input: [2, 3, 4], output: [2, 3, 4]),
  .init("mean", "mean: [a, b, a]", before: twins, input: [3], output: [4]),
  .init("dot", "dot: [a, b]", before: twins, input: [3], output: [1]),
  .init("dot", "dot: [a, b]", before: imageTwins, input: [2, 3, 4], output: [2, 3, 1]),
  .init("cosine_similarity", "cosine_similarity: [a, b]", before: twins, input: [3], output: [1]),
  .init(
    "cosine_similarity", "cosine_similarity: {inputs: [a, b], eps: 0.01}", before: imageTwins,
    input: [2, 3, 4], output: [2, 3, 1]),
  .init(
    "bilinear", "bilinear: {inputs: [a, b], units: 3}", before: twins, input: [3], output: [3],
    parameters: ["weight": [3, 4, 4], "bias": [3]]),
  .init(
    "bilinear", "bilinear: {inputs: [a, b], units: 2, bias: false}", before: twins,
    input: [2, 3], output: [2, 2], parameters: ["weight": [2, 4, 4]]),
  .init(
    "bilinear", "bilinear: {inputs: [a, b], units: y}", before: twins, input: [3], output: [2],
    parameters: ["weight": [2, 4, 4], "bias": [2]]),
]
