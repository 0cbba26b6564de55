import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

@Suite struct ShapeLayerTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let layers: [String]
    let input: Shape
    let parts: [String]

    init(_ layers: String..., of input: Shape, _ parts: String...) {
      self.layers = layers
      self.input = input
      self.parts = parts
    }

    var testDescription: String { "\(layers) of \(input)" }
  }

  @Test(arguments: [
    Refusal("permute: [0, 0]", of: [3, 4], "[0, 0]", "[3, 4]"),
    Refusal("permute: [1000000000]", of: [3], "[1000000000]", "[3]"),
    Refusal("permute: []", of: [3], "[3]"),
    Refusal("squeeze: 0", of: [3, 1], "axis 0", "[3, 1]"),
    Refusal("squeeze: 4", of: [3, 1], "'squeeze'", "axis 4", "[3, 1]"),
    Refusal("unsqueeze: 3", of: [3, 4], "axis 3", "[3, 4]"),
    Refusal("{repeat: 9, layers: [{unsqueeze: 0}]}", of: [3], "8 axes"),
    Refusal("slice: {axis: 2}", of: [3, 4], "'slice'", "axis 2", "[3, 4]"),
    Refusal("slice: {start: 2, count: 2}", of: [3], "0 to 2", "2 from 2 on"),
    Refusal("slice: {start: 1000000000, count: 1000000000, step: 1000000000}", of: [3], "0 to 2"),
    Refusal("slice: {start: -4}", of: [3], "0 to 2", "-4"),
    Refusal("slice: {start: 2, stop: 2}", of: [3], "0 to 2", "before 2"),
    Refusal("slice: {stop: 4}", of: [3], "0 to 2", "before 4"),
    Refusal("slice: {count: 1, stop: 2}", of: [3], "a count and a stop"),
    Refusal("take: 3", of: [3, 2], "0 to 2", "3"),
    Refusal("take: -4", of: [3, 2], "0 to 2", "-4"),
    Refusal("take: {which: last, axis: 2}", of: [3, 2], "'take'", "axis 2"),
    Refusal("reduce: {function: sum, axes: []}", of: [3, 2], "[]", "[3, 2]"),
    Refusal("reduce: {function: sum, axes: [0, 0]}", of: [3, 2], "[0, 0]", "[3, 2]"),
    Refusal("reduce: {function: max, axes: [-1]}", of: [3, 2], "[-1]", "[3, 2]"),
    Refusal("reduce: {function: max, axes: [2]}", of: [3, 2], "[2]", "[3, 2]"),
    Refusal("rms_norm: {}", of: .scalar, "'rms_norm'", "single number"),
    Refusal("group_norm: 2", of: .scalar, "'group_norm'", "single number"),
    Refusal("group_norm: 2", of: [3, 4], "2 groups", "3 channels"),
    Refusal("group_norm: 1000000000", of: [3, 4], "1000000000 groups"),
    Refusal("group_norm: 3", of: [3], "3 groups", "[3]"),
    Refusal("instance_norm: {}", of: [3], "'instance_norm'", "[3]"),
    Refusal("instance_norm: {}", of: [3, 1, 1], "'instance_norm'", "[3, 1, 1]"),
    Refusal("scale: {}", of: .scalar, "'scale'", "single number"),
    Refusal("scale: {axis: 2}", of: [3, 4], "'scale'", "axis 2"),
    Refusal("highway: {}", of: .scalar, "'highway'", "single number"),
    Refusal("stack: [x]", of: [3], "'stack'", "found 1"),
    Refusal("{stack: {inputs: [x, x], axis: 2}}", of: [3], "axis 2", "[3]"),
    Refusal("{dense: 2, id: a}", "{stack: [a, x]}", of: [3], "'stack'", "[2]", "[3]"),
    Refusal("subtract: [x, x, x]", of: [3], "'subtract'", "found 3"),
    Refusal("divide: [x]", of: [3], "'divide'", "found 1"),
    Refusal("maximum: [x]", of: [3], "'maximum'", "found 1"),
    Refusal("{dense: 2, id: a}", "{mean: [a, x]}", of: [3], "'mean'", "[2]", "[3]"),
    Refusal("dot: [x, x]", of: .scalar, "'dot'", "single numbers"),
    Refusal("{dense: 2, id: a}", "{cosine_similarity: [a, x]}", of: [3], "[2]", "[3]"),
    Refusal("{bilinear: {inputs: [x, x, x], units: 1}}", of: [3], "'bilinear'", "found 3"),
    Refusal(
      "{reshape: [2, 3], id: a}", "{bilinear: {inputs: [a, x], units: 1}}", of: [6], "[2, 3]", "[6]"
    ),
    Refusal("{bilinear: {inputs: [x, x], units: 1000000000}}", of: [3], "[1000000000, 3, 3]"),
  ])
  private func `a layer that does not fit names what does not`(_ refusal: Refusal) {
    let lowering = lower(refusal.layers, input: refusal.input, target: .number([1]))
    #expect(lowering.model == nil)
    #expect(lowering.problems.count == 1, "\(lowering.problems)")
    for part in refusal.parts {
      #expect(lowering.problems.contains { $0.contains(part) }, "\(lowering.problems)")
    }
  }

  @Test(arguments: [
    ("squeeze: -1", "at least 0"), ("unsqueeze: -1", "at least 0"),
    ("slice: {count: 0}", "at least 1"),
    ("slice: {step: 0}", "at least 1"), ("slice: {axis: -1}", "at least 0"),
    ("take: middle", "first, last"), ("take: 1.5", "first, last"),
    ("take: 9000000000000000000", "1000000000"), ("group_norm: 0", "at least 1"),
    ("rms_norm: {eps: 0}", "above 0"), ("alpha_dropout: 1", "below 1"),
    ("drop_path: -0.1", "from 0"),
    ("gaussian_noise: -1", "at least 0"), ("reduce: {function: median, axes: [0]}", "sum, mean"),
    ("reduce: {function: sum}", "'axes'"), ("unsqueeze: {}", "'axis'"),
    ("{cosine_similarity: {inputs: [x, x], eps: 0}}", "at least"),
    ("{bilinear: {inputs: [x, x], units: 0}}", "at least 1"),
  ])
  private func `a field out of its range says what is allowed`(_ layer: String, _ part: String) {
    let lowering = lower([layer], input: [3, 4], target: .number([1]))
    #expect(lowering.model == nil)
    #expect(lowering.problems.count == 1)
    #expect(lowering.problems.contains { $0.contains(part) }, "\(lowering.problems)")
  }

  @Test(arguments: [
    "take: first", "slice: {count: 2}", "permute: [1, 0]", "squeeze: {}", "flatten: {}",
  ])
  private func `indices may be taken apart like numbers`(_ layer: String) throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", ValueType([3, 2], isBatched: true, dataType: .int32))
    let lowering = lower([layer], input: [3, 2], target: .number([1]))
    #expect(!lowering.problems.contains { $0.contains("index of a class") })
    var b = LayerBuilder(g: g, path: "it")
    let kind = try #require(readLayer(layer))
    #expect(kind.takesIndices)
    let y = try kind.lower([x], &b)
    #expect(b.g.type(y).dataType == .int32)
  }
}
