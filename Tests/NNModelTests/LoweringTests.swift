import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import Testing

/// What becomes of layers and of what holds them: names, shapes, parameters.
@Suite struct LoweringTests {
  /// A model and what it is made of.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let layers: String
    var input: Shape = [4]
    let parameters: [String]
    var paths: [String]?

    var testDescription: String { name }
  }

  @Test(arguments: [
    Case(
      name: "a single neuron", layers: "  - dense: 1",
      parameters: ["dense_1.weight [1, 4]", "dense_1.bias [1]"], paths: ["dense_1 [1]"]),
    Case(
      name: "ids count each kind, and a given id does not change them",
      layers: "  - dense: 8\n  - id: middle\n    dense: 6\n  - dropout: 0.5\n  - dense: y",
      parameters: [
        "dense_1.weight [8, 4]", "dense_1.bias [8]", "middle.weight [6, 8]", "middle.bias [6]",
        "dense_3.weight [1, 6]", "dense_3.bias [1]",
      ], paths: ["dense_1 [8]", "middle [6]", "dropout_1 [6]", "dense_3 [1]"]),
    Case(
      name: "convolutions are [out, in/groups, kh, kw]",
      layers: """
          - conv2d: {filters: 6, kernel: [3, 5], groups: 2, padding: same}
          - batch_norm
          - max_pool2d: 2
          - flatten
          - dense: y
        """, input: [2, 8, 8],
      parameters: [
        "conv2d_1.weight [6, 1, 3, 5]", "conv2d_1.bias [6]", "batch_norm_1.weight [6]",
        "batch_norm_1.bias [6]", "batch_norm_1.running_mean [6]", "batch_norm_1.running_var [6]",
        "dense_1.weight [1, 96]", "dense_1.bias [1]",
      ],
      paths: [
        "conv2d_1 [6, 8, 8]", "batch_norm_1 [6, 8, 8]", "max_pool2d_1 [6, 4, 4]",
        "flatten_1 [96]", "dense_1 [1]",
      ]),
    Case(
      name: "a bias that is not wanted is not there",
      layers: "  - dense: {units: y, bias: false}", parameters: ["dense_1.weight [1, 4]"]),
    Case(
      name: "a residual names its layers behind its own id",
      layers: "  - residual:\n      - layer_norm\n      - dense: 4\n  - dense: y",
      parameters: [
        "residual_1.layer_norm_1.weight [4]", "residual_1.layer_norm_1.bias [4]",
        "residual_1.dense_1.weight [4, 4]", "residual_1.dense_1.bias [4]",
        "dense_1.weight [1, 4]", "dense_1.bias [1]",
      ],
      paths: [
        "residual_1 [4]", "residual_1.layer_norm_1 [4]", "residual_1.dense_1 [4]", "dense_1 [1]",
      ]),
    Case(
      name: "a projection is a matrix without a bias",
      layers: "  - residual: [dense: 7]\n    project: true\n    id: wide\n  - dense: y",
      parameters: [
        "wide.dense_1.weight [7, 4]", "wide.dense_1.bias [7]", "wide.project.weight [7, 4]",
        "dense_1.weight [1, 7]", "dense_1.bias [1]",
      ]),
    Case(
      name: "a projection of an image is a 1×1 convolution with the stride that is needed",
      layers: """
          - residual:
              - conv2d: {filters: 6, stride: 2, padding: same}
            project: true
          - global_avg_pool2d
          - dense: y
        """, input: [2, 8, 8],
      parameters: [
        "residual_1.conv2d_1.weight [6, 2, 3, 3]", "residual_1.conv2d_1.bias [6]",
        "residual_1.project.weight [6, 2, 1, 1]", "dense_1.weight [1, 6]", "dense_1.bias [1]",
      ]),
    Case(
      name: "each repetition has a number",
      layers: "  - repeat: 2\n    layers: [{dense: 4}, {activation: relu}]\n  - dense: y",
      parameters: [
        "repeat_1.0.dense_1.weight [4, 4]", "repeat_1.0.dense_1.bias [4]",
        "repeat_1.1.dense_1.weight [4, 4]", "repeat_1.1.dense_1.bias [4]",
        "dense_1.weight [1, 4]", "dense_1.bias [1]",
      ],
      paths: [
        "repeat_1 [4]", "repeat_1.0.dense_1 [4]", "repeat_1.0.activation_1 [4]",
        "repeat_1.1.dense_1 [4]", "repeat_1.1.activation_1 [4]", "dense_1 [1]",
      ]),
    Case(
      name: "the paths of a branch have names, an empty one passes its input on",
      layers: """
          - branch: {left: [dense: 3], right: []}
          - concat: [left, right]
          - dense: y
        """,
      parameters: [
        "branch_1.left.dense_1.weight [3, 4]", "branch_1.left.dense_1.bias [3]",
        "dense_1.weight [1, 7]", "dense_1.bias [1]",
      ], paths: ["branch_1 ?", "branch_1.left.dense_1 [3]", "concat_1 [7]", "dense_1 [1]"]),
    Case(
      name: "structures hold structures",
      layers: """
          - repeat: 2
            layers:
              - residual:
                  - branch: {a: [dense: 4], b: [{dense: 4}, {activation: tanh}]}
                  - add: [a, b]
          - dense: y
        """,
      parameters: [
        "repeat_1.0.residual_1.branch_1.a.dense_1.weight [4, 4]",
        "repeat_1.0.residual_1.branch_1.a.dense_1.bias [4]",
        "repeat_1.0.residual_1.branch_1.b.dense_1.weight [4, 4]",
        "repeat_1.0.residual_1.branch_1.b.dense_1.bias [4]",
        "repeat_1.1.residual_1.branch_1.a.dense_1.weight [4, 4]",
        "repeat_1.1.residual_1.branch_1.a.dense_1.bias [4]",
        "repeat_1.1.residual_1.branch_1.b.dense_1.weight [4, 4]",
        "repeat_1.1.residual_1.branch_1.b.dense_1.bias [4]",
        "dense_1.weight [1, 4]", "dense_1.bias [1]",
      ]),
  ])
  func `parameters have the names and shapes that are promised`(_ c: Case) {
    let outcome = model(c.layers, inputs: [("x", c.input)])
    #expect(outcome.messages == [])
    #expect(outcome.parameters == c.parameters)
    if let paths = c.paths { #expect(outcome.layers == paths) }
  }

  @Test func `frozen layers are not trained, neither is what they hold`() throws {
    let outcome = model(
      """
        - residual: [dense: 4]
          freeze: true
        - dense: 3
          freeze: true
        - dense: y
      """)
    #expect(outcome.messages == [])
    let parameters = try #require(outcome.lowered).graph.parameters
    #expect(parameters.filter(\.isTrained).map(\.name) == ["dense_2.weight", "dense_2.bias"])
  }

  @Test func `layers of several inputs say which they take`() {
    let outcome = model(
      """
        - id: left
          dense: 3
          from: a
        - id: right
          dense: 2
          from: b
        - concat: [left, right]
        - dense: y
      """, inputs: [("a", [4]), ("b", [6])])
    #expect(outcome.messages == [])
    #expect(outcome.layers == ["left [3]", "right [2]", "concat_1 [5]", "dense_3 [1]"])
    #expect(
      outcome.parameters.prefix(4).map(\.self) == [
        "left.weight [3, 4]", "left.bias [3]", "right.weight [2, 6]", "right.bias [2]",
      ])
  }

  @Test func `each loss finds the layer that is as wide as its target`() throws {
    let outcome = model(
      "  - dense: 8\n  - dense: kind\n  - dense: size\n    from: dense_1",
      rest: """
        loss:
          - {cross_entropy: , target: kind}
          - {mse: , target: size, weight: 0.25}
        optimizer: adam
        train: {epochs: 1}
        """,
      targets: [("kind", .category(classes: ["a", "b", "c"])), ("size", .number([2]))])
    #expect(outcome.messages == [])
    let lowered = try #require(outcome.lowered)
    #expect(lowered.heads.map(\.target) == ["kind", "size"])
    #expect(lowered.heads.map(\.weight) == [1, 0.25])
    #expect(lowered.heads.map { lowered.graph.type($0.prediction).shape } == [[3], [2]])
  }

  @Test func `a loss may take its prediction from a layer by name`() throws {
    let outcome = model(
      "  - dense: 1\n    id: head\n  - dense: 1\n  - add: [head, dense_2]",
      rest: "loss: {mse: , from: add_1}\noptimizer: adam\ntrain: {epochs: 1}\n")
    #expect(outcome.messages == [])
    #expect(outcome.lowered?.heads.count == 1)
  }

  @Test func `dropout is only in the graph for training`() throws {
    let layers = "  - dropout: 0.5\n  - dense: y"
    let training = try #require(model(layers).lowered)
    let inference = try #require(model(layers, mode: .inference).lowered)
    #expect(training.graph.nodes.count > inference.graph.nodes.count)
    #expect(training.graph.parameters.map(\.name) == inference.graph.parameters.map(\.name))
  }

  @Test func `a mistake in a layer hides no mistake in another, and causes none`() {
    let outcome = model(
      """
        - dens: 4
        - dense: {units: 4, activation: rellu}
          id: hidden
        - dropout: 2
        - dense: z
          from: dense_1
        - add: [hidden, nowhere]
      """, rest: "loss: msee\noptimizer: {adam: {rate: 1}}\ntrain: {epochs: 1}\n")
    #expect(
      Set(outcome.messages) == [
        "there is no layer 'dens'", "there is no activation 'rellu'",
        "2 is out of range: it must be from 0 to below 1", "the data has no target 'z'",
        "nothing above is called 'nowhere'", "there is no loss 'msee'",
        "'adam' has no field 'rate'",
      ])
    #expect(outcome.lowered == nil)
  }

  @Test func `what is wrong in a repetition is told once`() {
    let outcome = model("  - repeat: 50\n    layers: [{conv2d: 3}]\n  - dense: y")
    #expect(
      outcome.messages == ["'conv2d' needs an image [channels, height, width], found [4]"])
  }

  @Test func `a thousand layers take no noticeable time`() {
    let time = ContinuousClock().measure {
      let outcome = model("  - repeat: 1000\n    layers: [{dense: 4}]\n  - dense: y")
      #expect(outcome.messages == [])
      #expect(outcome.parameters.count == 2002)
    }
    #expect(time < .seconds(5))
  }

  @Test(arguments: [
    "  - repeat: 10000\n    layers: [{repeat: 10000, layers: [dense: 4]}]",
    "  - dense: 9000000000000000000", "  - reshape: [900000000, 900000000, 900000000]",
    "  - conv2d: {filters: 1000000000, kernel: 1000000000, padding: 500000000}",
  ])
  func `absurd sizes are refused with one message`(_ layers: String) {
    let outcome = model(layers, inputs: [("x", layers.contains("conv") ? [1, 4, 4] : [4])])
    #expect(outcome.lowered == nil)
    #expect(outcome.diagnostics.count == 1)
  }
}
