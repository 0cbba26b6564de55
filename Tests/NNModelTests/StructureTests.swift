import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import Testing

/// Splits and blocks: names, shapes, parameters, findings.
@Suite struct StructureTests {
  private static let rest = "loss: mse\noptimizer: {sgd: 0.1}\ntrain: {epochs: 1}\n"
  private static let blocks = """
    vars: {width: 4}
    blocks:
      pair:
        with: {units: "${width}", rate: 0.1}
        layers: [{dense: "${units}"}, {dropout: "${rate}"}, {dense: "${width}", id: last}]

    """

  @Test func `a block is a structure whose parameters are named by the way to them`() {
    let outcome = model(
      """
        - block: pair
        - block: pair
          with: {units: 7}
          id: second
        - repeat: 2
          layers: [{block: pair, with: {units: 2}}]
        - block: [{dense: 3}]
        - dense: y
      """, rest: StructureTests.rest + StructureTests.blocks)
    #expect(outcome.messages == [])
    #expect(
      outcome.parameters.filter { $0.contains("weight") } == [
        "block_1.dense_1.weight [4, 4]", "block_1.last.weight [4, 4]",
        "second.dense_1.weight [7, 4]", "second.last.weight [4, 7]",
        "repeat_1.0.block_1.dense_1.weight [2, 4]", "repeat_1.0.block_1.last.weight [4, 2]",
        "repeat_1.1.block_1.dense_1.weight [2, 4]", "repeat_1.1.block_1.last.weight [4, 2]",
        "block_3.dense_1.weight [3, 4]", "dense_1.weight [1, 3]",
      ])
    #expect(outcome.layers.first == "block_1 [4]")
  }

  @Test func `a block may be tied to another, and frozen`() throws {
    let outcome = model(
      """
        - block: pair
          id: a
        - block: pair
          tie: a
        - block: pair
          freeze: true
        - dense: y
      """, rest: StructureTests.rest + StructureTests.blocks)
    #expect(outcome.messages == [])
    #expect(
      outcome.parameters.filter { $0.contains("weight") } == [
        "a.dense_1.weight [4, 4]", "a.last.weight [4, 4]", "block_3.dense_1.weight [4, 4]",
        "block_3.last.weight [4, 4]", "dense_1.weight [1, 4]",
      ])
    let parameters = try #require(outcome.lowered).graph.parameters
    #expect(parameters.filter { !$0.isTrained }.allSatisfy { $0.name.hasPrefix("block_3.") })
    #expect(parameters.count { !$0.isTrained } == 4)
  }

  @Test func `the layers of a block take what stands where the block does`() {
    let outcome = model(
      """
        - split: [left, right]
        - block: join
        - block: [{dense: 5, from: left}, {concat: [dense_1, right]}]
        - dense: y
      """,
      rest: StructureTests.rest + "blocks: {join: {layers: [{add: [left, right]}, {dense: 3}]}}\n")
    #expect(outcome.messages == ["nothing takes the layer 'block_1'"])
    let chosen = model(
      "  - dense: 3\n  - dense: 2\n  - block: one\n    from: dense_1\n  - add: [block_1, dense_2]\n  - dense: y",
      rest: StructureTests.rest + "blocks: {one: {layers: [{dense: 2}]}}\n")
    #expect(chosen.messages == [])
    #expect(chosen.parameters.contains("block_1.dense_1.weight [2, 3]"))
    let two = model(
      "  - dense: 4\n  - block: [{dense: 1}]\n    from: [x, dense_1]\n  - dense: y")
    #expect(two.messages == ["'block' takes one input, found 2"])
  }

  @Test func `a shape that fits one use of a block and not another names the use`() throws {
    let outcome = model(
      """
        - block: half
        - dense: 3
        - block: half
        - dense: y
      """,
      rest: StructureTests.rest
        + "blocks: {half: {layers: [{reshape: [2, 2]}, {flatten: {}}]}}\n")
    #expect(outcome.messages == ["[3] has 3 elements, [2, 2] has 4"])
    let notes = try #require(outcome.diagnostics.first).notes
    #expect(notes.map(\.message) == ["in the block used here"])
    #expect(notes.map(\.range.start.line) == [6])
  }

  @Test func `what is wrong with a block's layers is told once`() throws {
    let outcome = model(
      "  - block: bad\n  - block: bad\n  - dense: y",
      rest: StructureTests.rest + "blocks: {bad: {layers: [{dens: 3}, {dropout: 2}]}}\n")
    #expect(
      Set(outcome.messages) == [
        "there is no layer 'dens'", "2 is out of range: it must be from 0 to below 1",
      ])
    #expect(outcome.diagnostics.allSatisfy { $0.notes.map(\.range.start.line) == [4] })
  }

  @Test(arguments: [
    "  - block\n  - dense: y", "  - block: {a: 1}\n  - dense: y", "  - block:\n  - dense: y",
    "  - block: []\n  - dense: y", "  - block: [{dense: 2}]\n    with: {a: 1}\n  - dense: y",
    "  - block: nope\n  - dense: y", "  - split\n  - dense: y", "  - split: {a: 0}\n  - dense: y",
    "  - split: []\n  - dense: y", "  - split: {}\n  - dense: y", "  - split: 3\n  - dense: y",
    "  - split: {a: -2}\n  - dense: y", "  - split: [a, {b: 1}]\n  - dense: y",
    "  - split: [a, b]\n    axis: -1\n  - dense: y",
    "  - split: [a, b]\n    along: 1\n  - add: [a, b]\n  - dense: y",
  ])
  func `a structure that says too little, or too much, is told once`(_ layers: String) {
    let outcome = model(layers)
    #expect(outcome.diagnostics.count == 1, "\(outcome.messages)")
  }

  // MARK: Split

  struct Case: Sendable, CustomTestStringConvertible {
    let split: String
    let input: Shape
    let shapes: [String]

    var testDescription: String { split }
  }

  @Test(arguments: [
    Case(split: "{l: 3, r: 5}", input: [8], shapes: ["l [3]", "r [5]"]),
    Case(split: "{l: 3, r: -1}", input: [8], shapes: ["l [3]", "r [5]"]),
    Case(split: "[l, r]", input: [8], shapes: ["l [4]", "r [4]"]),
    Case(split: "[l, r]", input: [3, 8], shapes: ["l [3, 4]", "r [3, 4]"]),
    Case(split: "[l, r]", input: [4, 2, 2], shapes: ["l [2, 2, 2]", "r [2, 2, 2]"]),
    Case(split: "{l: 1, r: 2}\n    axis: 0", input: [3, 8], shapes: ["l [1, 8]", "r [2, 8]"]),
    Case(
      split: "{l: -1, r: -1, m: 2}\n    axis: 1", input: [2, 8, 2],
      shapes: [
        "l [2, 3, 2]", "r [2, 3, 2]",
      ]),
  ])
  func `a split cuts its input into parts with names`(_ c: Case) {
    let third = c.split.contains("m:") ? "  - activation: tanh\n    id: third\n    from: m\n" : ""
    let outcome = model(
      "  - split: \(c.split)\n\(third)"
        + c.shapes.map { "  - {activation: relu, from: \($0.prefix(1)), id: of_\($0.prefix(1))}\n" }
        .joined() + "  - flatten: {}\n  - dense: y",
      inputs: [("x", c.input)])
    #expect(outcome.messages.filter { !$0.contains("'of_l'") && !$0.contains("'third'") } == [])
    let spec = outcome.spec?.layers.map(\.id.name) ?? []
    #expect(spec.first == "split_1")
  }

  @Test func `parts of a split go their own ways`() {
    let outcome = model(
      """
        - split: {left: 1, right: -1}
        - dense: 3
          from: left
        - concat: [dense_1, right, left]
        - dense: y
      """)
    #expect(outcome.messages == [])
    #expect(outcome.layers == ["split_1 ?", "dense_1 [3]", "concat_1 [7]", "dense_2 [1]"])
  }

  @Test(arguments: [
    ("{l: 3, r: 5}", ["add up to 8", "axis 0 of [4] has 4"]),
    ("{l: 3, r: 2, m: -1}", ["4 elements", "[4]"]),
    ("[l, r, m]", ["4 elements", "[4]"]),
    ("{l: 1000000000, r: 1000000000}", ["2000000000"]),
    ("[l, r]\n    axis: 3", ["axis 3", "[4]"]),
  ])
  func `parts that do not add up name the sizes`(_ split: String, _ parts: [String]) {
    let outcome = model("  - split: \(split)\n  - add: [l, r]\n  - dense: y")
    #expect(outcome.lowered == nil)
    #expect(outcome.diagnostics.count { $0.code == "shape-mismatch" } == 1)
    for part in parts {
      #expect(outcome.messages.contains { $0.contains(part) }, "\(outcome.messages)")
    }
  }

  @Test func `a part that nobody takes is told, and a split itself cannot be taken`() {
    let unused = model("  - split: [l, r]\n  - dense: y\n    from: l")
    #expect(unused.messages == ["nothing takes the part 'r'"])
    #expect(unused.diagnostics.first?.code == "unused-part")
    let whole = model("  - split: [l, r]\n  - dense: y")
    #expect(whole.messages == ["the split above has several ends, and one must be chosen"])
    let twice = model("  - split: [x, r]\n  - add: [x, r]\n  - dense: y")
    #expect(twice.messages.first == "'x' is the name of something above already")
  }
}
