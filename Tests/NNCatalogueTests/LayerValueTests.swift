import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// A layer on numbers, with its result computed by hand.
struct LayerValueRow: Sendable, CustomTestStringConvertible {
  let word: String
  /// The entries of the model; the last is the layer, called `it`.
  let entries: [String]
  let input: Shape
  /// How many there are, where the input is indices.
  let classes: Int?
  let output: Shape
  /// One row for each sample.
  let x: [[Double]]
  let parameters: [String: [Double]]
  let mode: LoweringMode
  let result: [[Double]]

  init(
    _ word: String, _ text: String, before: [String] = [], _ input: Shape, classes: Int? = nil,
    to output: Shape,
    _ x: [[Double]], parameters: [String: [Double]] = [:], mode: LoweringMode = .training,
    gives result: [[Double]]
  ) {
    self.word = word
    entries = before + ["{\(text), id: it}"]
    self.input = input
    self.classes = classes
    self.output = output
    self.x = x
    self.parameters = parameters
    self.mode = mode
    self.result = result
  }

  var testDescription: String { entries.last ?? word }
}

private let rootOf5 = 2.236_067_977_499_79
private let plane: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9]

/// Two views of one vector: itself and its negative.
let both = [
  "{activation: identity, id: a, from: x}",
  "{dense: {units: 2, bias: false}, id: b, from: x}",
]
let negated: [String: [Double]] = ["b.weight": [-1, 0, 0, -1]]

private let layerValueRows: [LayerValueRow] =
  [
    .init(
      "dense", "dense: 2", [3], to: [2], [[1, 2, 3], [0, -1, 1]],
      parameters: ["it.weight": [1, 0, -1, 2, 1, 0], "it.bias": [0.5, -1]],
      gives: [[-1.5, 3], [-0.5, -2]]),
    .init(
      "dense", "dense: {units: 2, activation: relu}", [3], to: [2], [[1, 2, 3]],
      parameters: ["it.weight": [1, 0, -1, 2, 1, 0], "it.bias": [0.5, -1]], gives: [[0, 3]]),
    .init(
      "conv2d", "conv2d: {filters: 1, kernel: 2}", [1, 3, 3], to: [1, 2, 2], [plane],
      parameters: ["it.weight": [1, 2, 0, -1], "it.bias": [10]], gives: [[10, 12, 16, 18]]),
    .init(
      "conv2d", "conv2d: {filters: 1, kernel: 3, stride: 2, padding: same, bias: false}",
      [1, 3, 3], to: [1, 2, 2], [plane],
      parameters: ["it.weight": [Double](repeating: 1, count: 9)], gives: [[12, 16, 24, 28]]),
    .init(
      "max_pool2d", "max_pool2d: {kernel: 2, stride: 1}", [1, 3, 3], to: [1, 2, 2],
      [plane.map { -$0 }], gives: [[-1, -2, -4, -5]]),
    .init(
      "avg_pool2d", "avg_pool2d: {kernel: 3, stride: 2, padding: 1}", [1, 3, 3], to: [1, 2, 2],
      [plane], gives: [[12.0 / 9, 16.0 / 9, 24.0 / 9, 28.0 / 9]]),
    .init(
      "avg_pool2d", "avg_pool2d: {kernel: 3, stride: 2, padding: 1, count_padding: false}",
      [1, 3, 3], to: [1, 2, 2], [plane], gives: [[3, 4, 6, 7]]),
    .init(
      "global_avg_pool2d", "global_avg_pool2d: {}", [2, 1, 2], to: [2], [[1, 3, 5, 9]],
      gives: [[2, 7]]),
    .init("flatten", "flatten: {}", [2, 1, 2], to: [4], [[1, 2, 3, 4]], gives: [[1, 2, 3, 4]]),
    .init("reshape", "reshape: [-1, 2]", [4], to: [2, 2], [[1, 2, 3, 4]], gives: [[1, 2, 3, 4]]),
    .init(
      "dropout", "dropout: 0.5", [2], to: [2], [[1, 2]], mode: .inference, gives: [[1, 2]]),
    .init(
      "batch_norm", "batch_norm: {eps: 1.0}", [2], to: [2], [[0, 1], [4, 1]],
      parameters: ["it.weight": [rootOf5, 3], "it.bias": [1, 7]],
      gives: [[-1, 7], [3, 7]]),
    .init(
      "batch_norm", "batch_norm: {eps: 1.0, affine: false}", [1, 1, 2], to: [1, 1, 2], [[1, 5]],
      parameters: ["it.running_mean": [2], "it.running_var": [3]], mode: .inference,
      gives: [[-0.5, 1.5]]),
    .init(
      "layer_norm", "layer_norm: {eps: 1.0}", [2], to: [2], [[0, 4], [3, 3]],
      parameters: ["it.weight": [rootOf5, rootOf5], "it.bias": [1, 7]],
      gives: [[-1, 9], [1, 7]]),
    .init(
      "activation", "activation: {function: {leaky_relu: 0.5}}", [2], to: [2], [[-4, 4]],
      gives: [[-2, 4]]),
    .init(
      "concat", "concat: [b, a]", before: both, [2], to: [4], [[1, 2]], parameters: negated,
      gives: [[-1, -2, 1, 2]]),
    .init(
      "add", "add: [a, b, a]", before: both, [2], to: [2], [[1, 2]], parameters: negated,
      gives: [[1, 2]]),
    .init(
      "multiply", "multiply: [a, b]", before: both, [2], to: [2], [[1, 2]], parameters: negated,
      gives: [[-1, -4]]),
  ]
  + sequenceLayerValueRows + recurrentValueRows + convolutionValueRows + shapeLayerValueRows

@Suite struct LayerValueTests {
  @Test private func `every layer has a value computed by hand`() {
    #expect(Set(layerValueRows.map(\.word)) == Set(Catalogue.standard.layers.words))
  }

  @Test(arguments: layerValueRows)
  private func `a layer gives what one computes by hand`(_ row: LayerValueRow) throws {
    let lowering = lower(
      row.entries, input: row.input, classes: row.classes, target: .number(row.output),
      mode: row.mode)
    #expect(lowering.problems == [])
    let model = try #require(lowering.model)
    var test = model.testCase(rows: row.x.count)
    test.data[try #require(model.graph.inputs.first).value] = Array(row.x.joined())
    for (name, values) in row.parameters {
      let value = try #require(test.value(ofParameter: name))
      #expect(model.graph.type(value).shape.count == values.count)
      test.data[value] = values
    }
    let prediction = try #require(model.heads.first).prediction
    let actual = try #require(evaluateReference(test)[prediction]).values
    #expect(difference(actual, Array(row.result.joined()), tolerance: 1e-6, row.word) == nil)
  }

  @Test private func `dropout scales up what it keeps`() throws {
    let lowering = lower(["dropout: 0.75"], input: [100], target: .number([100]))
    let model = try #require(lowering.model)
    var test = model.testCase(rows: 4)
    test.data[try #require(model.graph.inputs.first).value] = .init(repeating: 1, count: 400)
    let prediction = try #require(model.heads.first).prediction
    let values = try #require(evaluateReference(test)[prediction]).values
    #expect(values.allSatisfy { $0 == 0 || $0 == 4 })
    // Binomial with 400 trials of 0.75: 300 ± 8.7.
    #expect((257...343).contains(values.count { $0 == 0 }))
  }
}
