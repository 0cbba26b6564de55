import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// What is particular to rnn, lstm and gru; the laws of all layers hold for their rows besides.
@Suite struct RecurrentLayerTests {
  private func initial(_ layer: String) throws -> [String: [Float]] {
    let lowering = lower(["{\(layer), id: it}"], input: [3, 5], target: .number([16]))
    #expect(lowering.problems == [])
    let graph = try #require(lowering.model).graph
    let values = graph.parameters.map { parameter in
      let stream = RandomStream(seed: 3, purpose: "initialise", name: parameter.name)
      let tensor = parameter.initializer.tensor(
        shape: graph.type(parameter.value).shape, stream: stream)
      return (parameter.name, tensor.values)
    }
    return Dictionary(uniqueKeysWithValues: values)
  }

  @Test(arguments: ["rnn: 16", "lstm: 16", "gru: 16"])
  func `everything begins within one over the root of the units`(_ layer: String) throws {
    let parameters = try initial(layer)
    #expect(parameters.count == 4)
    for (name, values) in parameters {
      let largest = values.map { abs($0) }.max() ?? 0
      #expect(largest <= 0.25 && largest > 0.2, "\(name)")
    }
  }

  @Test func `fields say how weights and biases begin instead`() throws {
    let parameters = try initial(
      "lstm: {units: 16, weight_init: {constant: 1}, recurrent_init: {constant: 2}, bias_init: zeros}"
    )
    #expect(Set(parameters["it.weight_ih_l0"] ?? []) == [1])
    #expect(Set(parameters["it.weight_hh_l0"] ?? []) == [2])
    #expect(Set(parameters["it.bias_ih_l0"] ?? []) == [0])
    #expect(Set(parameters["it.bias_hh_l0"] ?? []) == [0])
  }

  @Test func `dropout is drawn between layers, each time anew, in training alone`() throws {
    func draws(_ layers: Int, _ mode: LoweringMode) throws -> Int {
      let lowering = lower(
        ["gru: {units: 3, layers: \(layers), dropout: 0.5}"], input: [4, 2],
        target: .number([3]), mode: mode)
      return try #require(lowering.model).graph.nodes.count { $0.op is RandomUniform }
    }
    #expect(try draws(1, .training) == 0)
    #expect(try draws(3, .training) == 2)
    #expect(try draws(3, .inference) == 0)
  }

  @Test func `a longer sequence makes no larger graph`() throws {
    func nodes(_ steps: Int) throws -> Int {
      try #require(lower(["lstm: 3"], input: [steps, 2], target: .number([3])).model)
        .graph.nodes.count
    }
    let (short, long) = (try nodes(2), try nodes(2000))
    #expect(short == long)
  }

  @Test func `a step costs its products and its gates`() throws {
    let graph = try #require(lower(["lstm: 256"], input: [64, 256], target: .number([256])).model)
      .graph
    let products = 2 * 2 * 64 * 256 * 1024
    let all = graph.cost(rows: 1).operations
    #expect(all > products && Double(all) < 1.02 * Double(products))
  }

  @Test(arguments: ["rnn", "lstm", "gru"])
  func `what is no sequence is refused`(_ word: String) {
    for shape in [[4], [2, 3, 4], []] as [Shape] {
      let lowering = lower(["\(word): 2"], input: shape, target: .number([2]))
      #expect(lowering.model == nil)
      #expect(
        lowering.problems.contains { $0.contains("'\(word)' needs a sequence") },
        "\(lowering.problems)")
    }
  }

  @Test(arguments: [
    "lstm: 1000000000", "gru: {units: 1000000000, bidirectional: true}",
    "rnn: {units: 30000, layers: 3}",
  ])
  func `sizes that no machine holds are refused`(_ layer: String) {
    let lowering = lower([layer], input: [1000, 1000], target: .number([1]))
    #expect(lowering.model == nil)
    #expect(!lowering.problems.isEmpty)
  }
}
