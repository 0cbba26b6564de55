import NNTensor

/// Shapes of attention's parameters.
private func projections(
  _ features: Int, _ queries: Int, _ keys: Int, memory: Int? = nil, bias: Bool = true
) -> [String: Shape] {
  let memory = memory ?? features
  let weights: [String: Shape] = [
    "query.weight": [queries, features], "key.weight": [keys, memory],
    "value.weight": [keys, memory], "output.weight": [features, queries],
  ]
  let biases: [String: Shape] = [
    "query.bias": [queries], "key.bias": [keys], "value.bias": [keys], "output.bias": [features],
  ]
  return bias ? weights.merging(biases) { first, _ in first } : weights
}

/// A sequence, another of other features, and a mask of zeros and positive numbers.
private let sequences = [
  "{dense: 6, id: a, from: x}", "{dense: 4, id: b, from: x}",
  "{dense: {units: 1, activation: relu}, id: c, from: x}", "{reshape: [5], id: mask}",
]

let sequenceLayerRows: [LayerRow] = [
  .init(
    "embedding", "embedding: 3", input: [4], classes: 5, output: [4, 3],
    parameters: ["weight": [5, 3]]),
  .init(
    "embedding", "embedding: {units: 2, vocabulary: 7, padding: 6}", input: .scalar, classes: 5,
    output: [2], parameters: ["weight": [7, 2]]),
  .init(
    "position_embedding", "position_embedding: learned", input: [4, 3], output: [4, 3],
    parameters: ["weight": [4, 3]]),
  .init(
    "position_embedding", "position_embedding: {form: sinusoidal, base: 50}", input: [4, 5],
    output: [4, 5]),
  .init(
    "attention", "attention: 2", input: [5, 6], output: [5, 6], parameters: projections(6, 6, 6)),
  .init(
    "attention", "attention: {heads: 1, causal: true, bias: false}", input: [4, 3],
    output: [4, 3], parameters: projections(3, 3, 3, bias: false)),
  .init(
    "attention",
    "attention: {heads: 4, kv_heads: 2, width: 2, causal: true, rotary: true, rotary_base: 100}",
    input: [5, 6], output: [5, 6], parameters: projections(6, 8, 4)),
  .init(
    "attention", "attention: {heads: 2, dropout: 0.3}", input: [3, 4], output: [3, 4],
    parameters: projections(4, 4, 4)),
  .init(
    "attention", "attention: {heads: 3, mask: mask}, from: a",
    before: sequences.filter { !$0.contains("id: b") }, input: [5, 6], output: [5, 6],
    parameters: projections(6, 6, 6)),
  .init(
    "cross_attention", "cross_attention: {memory: b, heads: 2}, from: a",
    before: Array(sequences.prefix(2)), input: [5, 3], output: [5, 6],
    parameters: projections(6, 6, 6, memory: 4)),
  .init(
    "cross_attention",
    "cross_attention: {memory: b, heads: 4, kv_heads: 1, width: 2, mask: mask, bias: false}, from: a",
    before: sequences, input: [5, 2], output: [5, 6],
    parameters: projections(6, 8, 2, memory: 4, bias: false)),
  .init(
    "gated_feed_forward", "gated_feed_forward: 5", input: [4], output: [4],
    parameters: ["gate.weight": [5, 4], "up.weight": [5, 4], "down.weight": [4, 5]]),
  .init(
    "gated_feed_forward", "gated_feed_forward: {units: 2, function: geglu, bias: true}",
    input: [3, 4], output: [3, 4],
    parameters: [
      "gate.weight": [2, 4], "gate.bias": [2], "up.weight": [2, 4], "up.bias": [2],
      "down.weight": [4, 2], "down.bias": [4],
    ]),
  .init("sequence_pool", "sequence_pool: mean", input: [4, 3], output: [3]),
  .init("sequence_pool", "sequence_pool: sum", input: [4, 3], output: [3]),
  .init("sequence_pool", "sequence_pool: max", input: [4, 3], output: [3]),
  .init("sequence_pool", "sequence_pool: last", input: [4, 3], output: [3]),
  .init(
    "sequence_pool", "sequence_pool: {mask: mask}, from: a",
    before: sequences.filter { !$0.contains("id: b") }, input: [5, 6], output: [6]),
  .init(
    "sequence_pool", "sequence_pool: {function: max, mask: x, padding: 1}",
    before: ["embedding: 3"], input: [4], classes: 5, output: [3]),
  .init(
    "sequence_pool", "sequence_pool: {function: last, mask: x}", before: ["embedding: 3"],
    input: [4], classes: 3, output: [3]),
  .init(
    "sequence_pool", "sequence_pool: {function: sum, mask: x}", before: ["embedding: 3"],
    input: [4], classes: 3, output: [3]),
  .init(
    "mixture_of_experts",
    "mixture_of_experts: {experts: 3, units: 2, activation: tanh, balance: 0.5}", input: [4],
    output: [4], parameters: experts(3, units: 2, features: 4)),
  .init(
    "mixture_of_experts",
    "mixture_of_experts: {experts: 2, top_k: 1, units: 3, activation: gelu}", input: [3, 4],
    output: [3, 4], parameters: experts(2, units: 3, features: 4)),
]

private func experts(_ count: Int, units: Int, features: Int) -> [String: Shape] {
  var shapes: [String: Shape] = ["router.weight": [count, features]]
  for index in 0..<count {
    shapes["experts.\(index).up.weight"] = [units, features]
    shapes["experts.\(index).up.bias"] = [units]
    shapes["experts.\(index).down.weight"] = [features, units]
    shapes["experts.\(index).down.bias"] = [features]
  }
  return shapes
}
