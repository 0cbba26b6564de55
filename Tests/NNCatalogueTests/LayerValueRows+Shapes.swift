import NNModel
import NNTensor

private let sequence: [[Double]] = [[1, 2, 3, 4, 5, 6]]
private let sigmoidOfOne = 0.731_058_578_630_004_9

/// Layers of other shapes, of several values, of norms of a sample, and of noise.
let shapeLayerValueRows: [LayerValueRow] = [
  .init("permute", "permute: [1, 0]", [3, 2], to: [2, 3], sequence, gives: [[1, 3, 5, 2, 4, 6]]),
  .init("squeeze", "squeeze: 0", [1, 2], to: [2], [[1, 2]], gives: [[1, 2]]),
  .init("unsqueeze", "unsqueeze: 1", [2], to: [2, 1], [[1, 2]], gives: [[1, 2]]),
  .init(
    "slice", "slice: {axis: 0, start: 1, count: 2}", [3, 2], to: [2, 2], sequence,
    gives: [[3, 4, 5, 6]]),
  .init(
    "slice", "slice: {start: -3, step: 2}", [6], to: [2], sequence, gives: [[4, 6]]),
  .init("slice", "slice: {stop: 2}", [6], to: [2], sequence, gives: [[1, 2]]),
  .init("take", "take: last", [3, 2], to: [2], sequence, gives: [[5, 6]]),
  .init("take", "take: first", [3, 2], to: [2], sequence, gives: [[1, 2]]),
  .init("take", "take: {which: 1, axis: 1}", [3, 2], to: [3], sequence, gives: [[2, 4, 6]]),
  .init(
    "reduce", "reduce: {function: mean, axes: [0]}", [3, 2], to: [2], sequence, gives: [[3, 4]]),
  .init(
    "reduce", "reduce: {function: max, axes: [1], keepdims: true}", [3, 2], to: [3, 1],
    [[1, -2, 3, 4, -5, -6]], gives: [[1, 4, -5]]),
  .init(
    "reduce", "reduce: {function: min, axes: [0, 1]}", [3, 2], to: [], sequence, gives: [[1]]),
  .init(
    "rms_norm", "rms_norm: {eps: 1.0}", [2], to: [2], [[1, 7]],
    parameters: ["it.weight": [2, 4]],
    gives: [[0.392_232_270_276_368, 5.491_251_783_869_154]]),
  .init(
    "group_norm", "group_norm: {groups: 2, eps: 3.0}", [4, 1, 1], to: [4, 1, 1], [[0, 2, 5, 5]],
    parameters: ["it.weight": [1, 2, 3, 4], "it.bias": [0, 0, 0, 7]], gives: [[-0.5, 1, 0, 7]]),
  .init(
    "instance_norm", "instance_norm: {eps: 3.0}", [2, 2], to: [2, 2], [[0, 2, 5, 5]],
    gives: [[-0.5, 0.5, 0, 0]]),
  .init(
    "scale", "scale: {offset: true}", [2], to: [2], [[1, 2]],
    parameters: ["it.weight": [3, 4], "it.bias": [1, -1]], gives: [[4, 7]]),
  .init(
    "highway", "highway: {activation: identity}", [1], to: [1], [[2]],
    parameters: [
      "it.weight": [2], "it.bias": [1], "it.gate_weight": [0.5], "it.gate_bias": [0],
    ], gives: [[2 + 3 * sigmoidOfOne]]),
  .init(
    "alpha_dropout", "alpha_dropout: 0.5", [2], to: [2], [[1, 2]], mode: .inference,
    gives: [[1, 2]]),
  .init("drop_path", "drop_path: 0.5", [2], to: [2], [[1, 2]], mode: .inference, gives: [[1, 2]]),
  .init(
    "gaussian_noise", "gaussian_noise: 0.5", [2], to: [2], [[1, 2]], mode: .inference,
    gives: [[1, 2]]),
  .init(
    "stack", "stack: {inputs: [a, b], axis: 1}", before: both, [2], to: [2, 2], [[1, 2]],
    parameters: negated, gives: [[1, -1, 2, -2]]),
  .init(
    "subtract", "subtract: [a, b]", before: both, [2], to: [2], [[1, 2]], parameters: negated,
    gives: [[2, 4]]),
  .init(
    "divide", "divide: [a, b]", before: both, [2], to: [2], [[1, 2]],
    parameters: ["b.weight": [2, 0, 0, 0.5]], gives: [[0.5, 2]]),
  .init(
    "maximum", "maximum: [a, b]", before: both, [2], to: [2], [[1, -2]], parameters: negated,
    gives: [[1, 2]]),
  .init(
    "minimum", "minimum: [a, b]", before: both, [2], to: [2], [[1, -2]], parameters: negated,
    gives: [[-1, -2]]),
  .init(
    "mean", "mean: [a, b, a]", before: both, [2], to: [2], [[3, 6]], parameters: negated,
    gives: [[1, 2]]),
  .init(
    "dot", "dot: [a, b]", before: both, [2], to: [1], [[1, 2]], parameters: negated,
    gives: [[-5]]),
  .init(
    "cosine_similarity", "cosine_similarity: [a, b]", before: both, [2], to: [1],
    [[1, 2], [0, 0]], parameters: negated, gives: [[-1], [0]]),
  .init(
    "bilinear", "bilinear: {inputs: [a, b], units: 1}", before: both, [2], to: [1], [[1, 2]],
    parameters: ["b.weight": [1, 0, 0, 1], "it.weight": [1, 10, 100, 1000], "it.bias": [0.5]],
    gives: [[4221.5]]),
]
