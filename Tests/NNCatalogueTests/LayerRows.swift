import NNTensor

/// A layer at work: what stands before it, what it takes and what it must give.
struct LayerRow: Sendable, CustomStringConvertible {
  let word: String
  /// As it stands in a file, without its id.
  let text: String
  /// Entries before it; by default one whose parameters see the layer's gradient.
  let before: [String]
  let input: Shape
  /// How many there are, where the input is indices.
  let classes: Int?
  let output: Shape
  /// Its parameters and states with their shapes.
  let parameters: [String: Shape]
  /// Whether the kernels draw the numbers in the order the reference draws them.
  let isComparable: Bool

  init(
    _ word: String, _ text: String, before: [String]? = nil, input: Shape, classes: Int? = nil,
    output: Shape, parameters: [String: Shape] = [:], isComparable: Bool = true
  ) {
    self.word = word
    self.text = text
    // What stands before keeps the shape.
    let same = input.rank == 3 ? "conv2d: {filters: \(input[0]), kernel: 1}" : nil
    self.before = before ?? (classes == nil ? [same ?? "dense: \(input.sizes.last ?? 1)"] : [])
    self.input = input
    self.classes = classes
    self.output = output
    self.parameters = parameters
    self.isComparable = isComparable
  }

  var description: String { text }

  /// All entries, the layer last and called `it`.
  var entries: [String] { before + ["{\(text), id: it}"] }
}

let twins = [
  "{dense: 4, id: a, from: x}", "{dense: {units: 4, activation: tanh}, id: b, from: x}",
]

let imageTwins = [
  "{conv2d: {filters: 2, kernel: 1}, id: a, from: x}",
  "{conv2d: {filters: 2, kernel: 3, padding: same}, id: b, from: x}",
]

/// At least one row for each layer of the catalogue.
let layerRows: [LayerRow] =
  [
    .init(
      "dense", "dense: 3", input: [4], output: [3], parameters: ["weight": [3, 4], "bias": [3]]),
    .init(
      "dense", "dense: {units: 3, activation: tanh, bias: false}", input: [4], output: [3],
      parameters: ["weight": [3, 4]]),
    .init(
      "dense", "dense: {units: 2, activation: {leaky_relu: 0.25}}", input: [3, 4], output: [3, 2],
      parameters: ["weight": [2, 4], "bias": [2]]),
    .init(
      "dense", "dense: y", input: [4], output: [6], parameters: ["weight": [6, 4], "bias": [6]]),
    .init(
      "conv2d", "conv2d: 3", input: [2, 5, 4], output: [3, 3, 2],
      parameters: ["weight": [3, 2, 3, 3], "bias": [3]]),
    .init(
      "conv2d",
      "conv2d: {filters: 4, kernel: [3, 2], stride: 2, padding: same, activation: tanh}",
      input: [2, 5, 4], output: [4, 3, 2], parameters: ["weight": [4, 2, 3, 2], "bias": [4]]),
    .init(
      "conv2d",
      "conv2d: {filters: 4, kernel: 2, dilation: [2, 1], padding: 1, groups: 2, bias: false}",
      input: [2, 4, 3], output: [4, 4, 4], parameters: ["weight": [4, 1, 2, 2]]),
    .init("max_pool2d", "max_pool2d: 2", input: [2, 4, 5], output: [2, 2, 2]),
    .init(
      "max_pool2d", "max_pool2d: {kernel: 3, stride: [2, 1], padding: same}", input: [2, 4, 5],
      output: [2, 2, 5]),
    .init("avg_pool2d", "avg_pool2d: [2, 3]", input: [2, 4, 6], output: [2, 2, 2]),
    .init(
      "avg_pool2d", "avg_pool2d: {kernel: 3, stride: 2, padding: 1, count_padding: false}",
      input: [2, 4, 5], output: [2, 2, 3]),
    .init("global_avg_pool2d", "global_avg_pool2d: {}", input: [3, 4, 5], output: [3]),
    .init("flatten", "flatten: {}", input: [2, 3, 4], output: [24]),
    .init("flatten", "flatten: {}", input: [5], output: [5]),
    .init("reshape", "reshape: [3, -1]", input: [6], output: [3, 2]),
    .init("reshape", "reshape: [1, 2, 3]", input: [6], output: [1, 2, 3]),
    .init("dropout", "dropout: 0.4", input: [5], output: [5]),
    .init("dropout", "dropout: 0", input: [5], output: [5]),
    .init("dropout", "dropout: 0.4", input: [2, 3, 3], output: [2, 3, 3], isComparable: false),
    .init(
      "batch_norm", "batch_norm: {}", input: [4], output: [4],
      parameters: ["weight": [4], "bias": [4], "running_mean": [4], "running_var": [4]]),
    .init(
      "batch_norm", "batch_norm: {eps: 0.01, momentum: 0.3, affine: false}", input: [2, 3, 3],
      output: [2, 3, 3], parameters: ["running_mean": [2], "running_var": [2]]),
    .init(
      "layer_norm", "layer_norm: {}", input: [4], output: [4],
      parameters: ["weight": [4], "bias": [4]]),
    .init(
      "layer_norm", "layer_norm: {eps: 0.01, affine: false}", input: [2, 3, 4], output: [2, 3, 4]),
    .init("activation", "activation: sigmoid", input: [4], output: [4]),
    .init("activation", "activation: softmax", input: [3, 4], output: [3, 4]),
    .init("concat", "concat: [a, b, x]", before: twins, input: [3], output: [11]),
    .init("concat", "concat: [b, a]", before: imageTwins, input: [2, 3, 4], output: [4, 3, 4]),
    .init(
      "concat", "concat: {inputs: [a, b], axis: 1}", before: imageTwins, input: [2, 3, 4],
      output: [2, 6, 4]),
    .init("add", "add: [a, b]", before: twins, input: [3], output: [4]),
    .init("add", "add: [a, b, x]", before: imageTwins, input: [2, 3, 4], output: [2, 3, 4]),
    .init("multiply", "multiply: [a, b]", before: twins, input: [3], output: [4]),
    .init(
      "multiply", "multiply: [a, b, a]", before: imageTwins, input: [2, 3, 4], output: [2, 3, 4]),
  ]
  + sequenceLayerRows + recurrentLayerRows + convolutionLayerRows + shapeLayerRows
