import NNTensor

/// The parameters of one layer in one direction.
private func parameters(
  _ suffix: String, gates: Int, units: Int, from features: Int, hasBias: Bool = true
) -> [String: Shape] {
  let width = gates * units
  var result: [String: Shape] = [
    "weight_ih_\(suffix)": [width, features], "weight_hh_\(suffix)": [width, units],
  ]
  if hasBias {
    result["bias_ih_\(suffix)"] = [width]
    result["bias_hh_\(suffix)"] = [width]
  }
  return result
}

private func merged(_ parts: [String: Shape]...) -> [String: Shape] {
  parts.reduce(into: [:]) { $0.merge($1) { first, _ in first } }
}

let recurrentLayerRows: [LayerRow] = [
  .init(
    "rnn", "rnn: 2", input: [3, 4], output: [2],
    parameters: parameters("l0", gates: 1, units: 2, from: 4)),
  .init(
    "rnn", "rnn: {units: 3, activation: relu, sequence: true, bias: false}", input: [3, 2],
    output: [3, 3], parameters: parameters("l0", gates: 1, units: 3, from: 2, hasBias: false)),
  .init(
    "lstm", "lstm: 3", input: [4, 2], output: [3],
    parameters: parameters("l0", gates: 4, units: 3, from: 2)),
  .init(
    "lstm", "lstm: {units: 2, layers: 2, bidirectional: true, sequence: true}", input: [3, 3],
    output: [3, 4],
    parameters: merged(
      parameters("l0", gates: 4, units: 2, from: 3),
      parameters("l0_reverse", gates: 4, units: 2, from: 3),
      parameters("l1", gates: 4, units: 2, from: 4),
      parameters("l1_reverse", gates: 4, units: 2, from: 4))),
  .init(
    "lstm", "lstm: {units: 2, layers: 2, dropout: 0.5}", input: [1, 2], output: [2],
    parameters: merged(
      parameters("l0", gates: 4, units: 2, from: 2),
      parameters("l1", gates: 4, units: 2, from: 2))),
  .init(
    "gru", "gru: {units: 2, bidirectional: true}", input: [3, 2], output: [4],
    parameters: merged(
      parameters("l0", gates: 3, units: 2, from: 2),
      parameters("l0_reverse", gates: 3, units: 2, from: 2))),
  .init(
    "gru", "gru: {units: 2, layers: 2, sequence: true, bias: false}", input: [2, 1],
    output: [2, 2],
    parameters: merged(
      parameters("l0", gates: 3, units: 2, from: 1, hasBias: false),
      parameters("l1", gates: 3, units: 2, from: 2, hasBias: false))),
]

let recurrentValueRows: [LayerValueRow] = [
  .init(
    "rnn", "rnn: {units: 1, activation: relu, sequence: true}", [2, 1], to: [2, 1],
    [[1, 2], [-4, 1]],
    parameters: [
      "it.weight_ih_l0": [0.5], "it.weight_hh_l0": [2], "it.bias_ih_l0": [0.25],
      "it.bias_hh_l0": [0.25],
    ], gives: [[1, 3.5], [0, 1]]),
  // Gates that see nothing are ½: c = ½ g, then ¾ g, and h = ½ tanh c.
  .init(
    "lstm", "lstm: {units: 1, sequence: true}", [2, 1], to: [2, 1], [[5, -5]],
    parameters: [
      "it.weight_ih_l0": [0, 0, 0, 0], "it.weight_hh_l0": [0, 0, 0, 0],
      "it.bias_ih_l0": [0, 0, 0.75, 0], "it.bias_hh_l0": [0, 0, 0.25, 0],
    ], gives: [[0.181_699_742_194_526, 0.258_118_401_869_521]]),
  // n = tanh(½ + ½ · 1), h = ½ n, then ¾ n; the scan back sees the same.
  .init(
    "gru", "gru: {units: 1, bidirectional: true}", [2, 1], to: [2], [[5, -5]],
    parameters: [
      "it.weight_ih_l0": [0, 0, 0], "it.weight_hh_l0": [0, 0, 0],
      "it.bias_ih_l0": [0, 0, 0.5], "it.bias_hh_l0": [0, 0, 1],
      "it.weight_ih_l0_reverse": [0, 0, 0], "it.weight_hh_l0_reverse": [0, 0, 0],
      "it.bias_ih_l0_reverse": [0, 0, 0.5], "it.bias_hh_l0_reverse": [0, 0, 1],
    ], gives: [[0.571_195_616_966_824, 0.571_195_616_966_824]]),
]
