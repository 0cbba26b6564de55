import NNTensor

/// Where a query of one looks at a key of one beside a key of zero: e / (1 + e).
private let attended = 0.731_058_578_630_004_9
private let projections: [String: [Double]] = [
  "it.query.weight": [1], "it.key.weight": [1], "it.value.weight": [2], "it.output.weight": [3],
]

let sequenceLayerValueRows: [LayerValueRow] = [
  .init(
    "embedding", "embedding: 2", [3], classes: 3, to: [3, 2], [[2, 0, 2]],
    parameters: ["it.weight": [1, 2, 3, 4, 5, 6]], gives: [[5, 6, 1, 2, 5, 6]]),
  .init(
    "position_embedding", "position_embedding: learned", [2, 2], to: [2, 2], [[1, 2, 3, 4]],
    parameters: ["it.weight": [10, 20, 30, 40]], gives: [[11, 22, 33, 44]]),
  .init(
    "position_embedding", "position_embedding: sinusoidal", [2, 2], to: [2, 2], [[0, 0, 0, 0]],
    gives: [[0, 1, 0.841_470_984_807_896_5, 0.540_302_305_868_139_8]]),
  .init(
    "attention", "attention: {heads: 1, causal: true, bias: false}", [2, 1], to: [2, 1],
    [[0, 1]], parameters: projections, gives: [[0, 6 * attended]]),
  .init(
    "cross_attention", "cross_attention: {memory: x, heads: 1, bias: false}, from: x", [2, 1],
    to: [2, 1], [[0, 1]], parameters: projections, gives: [[3, 6 * attended]]),
  .init(
    "gated_feed_forward", "gated_feed_forward: {units: 1, function: reglu}", [2], to: [2],
    [[2, 3], [-1, 5]],
    parameters: ["it.gate.weight": [1, 0], "it.up.weight": [0, 1], "it.down.weight": [1, -1]],
    gives: [[6, -6], [0, 0]]),
  .init(
    "sequence_pool", "sequence_pool: last", [3, 2], to: [2], [[1, 2, 3, 4, 5, 6]], gives: [[5, 6]]),
  .init(
    "sequence_pool", "sequence_pool: {function: mean, mask: x}",
    before: ["{embedding: {units: 2}, id: e}"], [3], classes: 3, to: [2],
    [[2, 1, 0], [0, 2, 0], [0, 0, 0]], parameters: ["e.weight": [9, 9, 1, -2, 3, -5]],
    gives: [[2, -3.5], [3, -5], [0, 0]]),
  .init(
    "sequence_pool", "sequence_pool: {function: sum, mask: x}",
    before: ["{embedding: {units: 2}, id: e}"], [3], classes: 3, to: [2],
    [[2, 1, 0], [0, 2, 0], [0, 0, 0]], parameters: ["e.weight": [9, 9, 1, -2, 3, -5]],
    gives: [[4, -7], [3, -5], [0, 0]]),
  .init(
    "sequence_pool", "sequence_pool: {function: max, mask: x}",
    before: ["{embedding: {units: 2}, id: e}"], [3], classes: 3, to: [2],
    [[2, 1, 0], [0, 2, 0], [0, 0, 0]], parameters: ["e.weight": [9, 9, 1, -2, 3, -5]],
    gives: [[3, -2], [3, -5], [0, 0]]),
  .init(
    "sequence_pool", "sequence_pool: {function: last, mask: x}",
    before: ["{embedding: {units: 2}, id: e}"], [3], classes: 3, to: [2],
    [[2, 1, 0], [0, 2, 0], [0, 0, 0]], parameters: ["e.weight": [9, 9, 1, -2, 3, -5]],
    gives: [[1, -2], [3, -5], [0, 0]]),
  .init(
    "mixture_of_experts",
    "mixture_of_experts: {experts: 2, top_k: 1, units: 1, activation: identity, bias: false}",
    [1], to: [1], [[1], [-2]],
    parameters: [
      "it.router.weight": [1, -1], "it.experts.0.up.weight": [2],
      "it.experts.0.down.weight": [3], "it.experts.1.up.weight": [1],
      "it.experts.1.down.weight": [-1],
    ],
    // σ(2) of the first expert's answer 6, σ(4) of the second's 2.
    gives: [[6 * 0.880_797_077_977_882_3], [2 * 0.982_013_790_037_908_5]]),
]
