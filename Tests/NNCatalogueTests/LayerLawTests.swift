import NNCatalogue
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct LayerLawTests {
  private static func model(
    _ row: LayerRow, _ mode: LoweringMode = .training, entries: [String]? = nil
  ) throws -> LoweredModel {
    let lowering = lower(
      entries ?? row.entries, input: row.input, classes: row.classes,
      target: .number(row.output), mode: mode)
    #expect(lowering.problems == [])
    return try #require(lowering.model)
  }

  @Test private func `every layer has a row`() {
    #expect(Set(layerRows.map(\.word)) == Set(Catalogue.standard.layers.words))
  }

  @Test(arguments: layerRows)
  private func `a layer gives the shape it documents`(_ row: LayerRow) throws {
    for mode in [LoweringMode.training, .inference] {
      let model = try LayerLawTests.model(row, mode)
      #expect(model.layers.last?.path == "it")
      #expect(model.layers.last?.shape == row.output)
    }
  }

  @Test(arguments: layerRows)
  private func `a layer declares the parameters it documents`(_ row: LayerRow) throws {
    let model = try LayerLawTests.model(row)
    let own = model.graph.parameters.filter { $0.name.hasPrefix("it.") }
    let shapes = own.map { (String($0.name.dropFirst(3)), model.graph.type($0.value).shape) }
    #expect(Dictionary(uniqueKeysWithValues: shapes) == row.parameters)
    #expect(own.allSatisfy { !model.graph.type($0.value).isBatched })
  }

  @Test(arguments: layerRows)
  private func `a layer's parameters lie alike in training and afterwards`(_ row: LayerRow) throws {
    let layouts = try [LoweringMode.training, .inference].map { mode in
      Plan(try LayerLawTests.model(row, mode).graph).parameters.entries.map {
        "\($0.parameter.name) \($0.shape) \($0.offset) \($0.parameter.role)"
      }
    }
    #expect(layouts[0] == layouts[1])
  }

  @Test(arguments: layerRows)
  private func `the gradients through a layer are the slopes of finite differences`(
    _ row: LayerRow
  ) throws {
    let test = try LayerLawTests.model(row).testCase(rows: 3, classes: row.classes ?? 3)
    #expect(checkGradients(test, tolerance: 2e-6) == [])
  }

  @Test(arguments: layerRows.filter(\.isComparable))
  private func `a layer's kernels give what its references give`(_ row: LayerRow) throws {
    for mode in [LoweringMode.training, .inference] {
      let test = try LayerLawTests.model(row, mode).testCase(rows: 5, classes: row.classes ?? 3)
      #expect(checkKernels(test, tolerance: 5e-4) == [])
      if mode == .training { #expect(checkMemory(Plan(test.graph), rows: 5) == []) }
    }
  }

  @Test(arguments: layerRows)
  private func `a layer that is frozen gets no gradient, and the others still do`(
    _ row: LayerRow
  ) throws {
    let entries = row.before + ["{\(row.text), id: it, freeze: true}"]
    let model = try LayerLawTests.model(row, entries: entries)
    let free = try LayerLawTests.model(row)
    func trained(_ model: LoweredModel) -> [String] {
      let graph = differentiated(model.graph, loss: model.loss, isTrained: { _ in true })
      return graph.parameters.filter { parameter in
        graph.gradients.contains { $0.parameter == parameter.value }
      }.map(\.name)
    }
    #expect(trained(model) == trained(free).filter { !$0.hasPrefix("it.") })
    #expect(!trained(model).isEmpty || row.before.isEmpty)
    #expect(model.graph.parameters.map(\.name) == free.graph.parameters.map(\.name))
    #expect(
      trained(free).count { $0.hasPrefix("it.") }
        == row.parameters.count {
          !$0.key.hasPrefix("running_")
        })
  }

  @Test private func `a batch norm tracks the statistics of the batch`() throws {
    let row = LayerRow(
      "batch_norm", "batch_norm: {momentum: 0.25}", before: [], input: [1], output: [1])
    let model = try LayerLawTests.model(row)
    var test = model.testCase(rows: 4)
    let mean = try #require(test.value(ofParameter: "it.running_mean"))
    let variance = try #require(test.value(ofParameter: "it.running_var"))
    test.data[try #require(test.graph.inputs.first).value] = [1, 2, 3, 6]
    test.data[mean] = [0]
    test.data[variance] = [1]
    let values = evaluateReference(test)
    func value(_ state: Value) -> Double? {
      test.graph.stateUpdates.first { $0.state == state }.flatMap { values[$0.next]?.values[0] }
    }
    // The mean of the batch is 3, its unbiased variance 14/3.
    let expected: [Double] = [0.75, 0.75 + 0.25 * 14 / 3]
    let next = try [mean, variance].map { try #require(value($0)) }
    #expect(difference(next, expected, tolerance: 1e-7, "states") == nil)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let layer: String
    let input: Shape
    let parts: [String]

    var testDescription: String { "\(layer) of \(input)" }
  }

  @Test(arguments: [
    Refusal(layer: "conv2d: 3", input: [5], parts: ["'conv2d'", "image", "[5]"]),
    Refusal(layer: "max_pool2d: 2", input: [2, 3], parts: ["'max_pool2d'", "[2, 3]"]),
    Refusal(layer: "avg_pool2d: 2", input: [2, 3], parts: ["'avg_pool2d'", "[2, 3]"]),
    Refusal(layer: "global_avg_pool2d: {}", input: [4], parts: ["'global_avg_pool2d'", "[4]"]),
    Refusal(layer: "conv2d: {filters: 3, kernel: 7}", input: [1, 5, 5], parts: ["7×7", "5×5"]),
    Refusal(
      layer: "conv2d: {filters: 3, groups: 2}", input: [2, 5, 5], parts: ["2 groups", "3 filters"]),
    Refusal(layer: "max_pool2d: {kernel: 2, padding: 2}", input: [1, 4, 4], parts: ["2×2"]),
    Refusal(layer: "reshape: [4, -1]", input: [6], parts: ["[6]", "[4, -1]"]),
    Refusal(layer: "reshape: [-1, -1]", input: [6], parts: ["[-1, -1]"]),
    Refusal(layer: "reshape: [0]", input: [6], parts: ["[0]"]),
    Refusal(layer: "reshape: [4]", input: [6], parts: ["[6]", "[4]"]),
    Refusal(
      layer: "batch_norm: {}", input: [2, 3, 1, 1, 1], parts: ["'batch_norm'", "[2, 3, 1, 1, 1]"]),
    Refusal(layer: "concat: [x]", input: [2], parts: ["'concat'", "found 1"]),
    Refusal(layer: "add: [x]", input: [2], parts: ["'add'", "found 1"]),
    Refusal(layer: "{concat: {inputs: [x, x], axis: 4}}", input: [2], parts: ["[2]", "axis 4"]),
  ])
  private func `a layer that does not fit names what does not`(_ refusal: Refusal) {
    let lowering = lower([refusal.layer], input: refusal.input, target: .number([1]))
    #expect(lowering.model == nil)
    for part in refusal.parts {
      #expect(lowering.problems.contains { $0.contains(part) }, "\(lowering.problems)")
    }
  }

  @Test(arguments: ["dense: 3", "layer_norm: {}", "concat: [x, x]", "activation: softmax"])
  private func `a single number is no vector`(_ layer: String) {
    let lowering = lower([layer], input: .scalar, target: .number([1]))
    #expect(lowering.model == nil)
    #expect(lowering.problems.contains { $0.contains("single number") }, "\(lowering.problems)")
  }
}
