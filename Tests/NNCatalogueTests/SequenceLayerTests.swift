import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// What layers of sequences refuse, and what is not seen in their values and slopes.
@Suite struct SequenceLayerTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let layer: String
    var input: Shape = [4, 6]
    var classes: Int?
    let parts: [String]

    var testDescription: String { layer }
  }

  @Test(arguments: [
    Refusal(layer: "embedding: 3", parts: ["'embedding' looks up indices", "[4, 6]"]),
    Refusal(
      layer: "embedding: {units: 3, vocabulary: 4}", input: [2], classes: 5,
      parts: ["5 classes", "4"]),
    Refusal(
      layer: "embedding: {units: 3, padding: 5}", input: [2], classes: 5, parts: ["padding 5"]),
    Refusal(layer: "embedding: 1000000000", input: [9], classes: 9, parts: ["more elements"]),
    Refusal(layer: "embedding: 0", input: [9], classes: 9, parts: ["out of range"]),
    Refusal(layer: "position_embedding: learned", input: [4], parts: ["sequence", "[4]"]),
    Refusal(layer: "position_embedding: rotary", parts: ["learned"]),
    Refusal(layer: "attention: 2", input: [4], parts: ["'attention'", "[length, features]"]),
    Refusal(layer: "attention: 2", input: [2, 3, 4], parts: ["[2, 3, 4]"]),
    Refusal(layer: "attention: 4", parts: ["6 features", "4 heads"]),
    Refusal(layer: "attention: 0", parts: ["out of range"]),
    Refusal(layer: "attention: {heads: 3, kv_heads: 2}", parts: ["3 heads", "2"]),
    Refusal(layer: "attention: {heads: 2, kv_heads: 4}", parts: ["2 heads", "4"]),
    Refusal(layer: "attention: {heads: 2, rotary: true}", parts: ["pairs", "3"]),
    Refusal(layer: "attention: {heads: 2, mask: x}", parts: ["mask", "[4, 6]", "4 positions"]),
    Refusal(layer: "attention: {heads: 2, mask: y}", parts: ["nothing above is called 'y'"]),
    Refusal(
      layer: "attention: {heads: 1000000000, width: 1000000000}", parts: ["more elements"]),
    Refusal(layer: "attention: 2", input: [4], classes: 5, parts: ["index"]),
    Refusal(
      layer: "attention: {heads: 2, mask: x}", input: [4], classes: 5,
      parts: ["[length, features]"]),
    Refusal(layer: "cross_attention: {heads: 2}", parts: ["needs 'memory'"]),
    Refusal(
      layer: "cross_attention: {memory: z, heads: 2}", parts: ["nothing above is called 'z'"]),
    Refusal(layer: "gated_feed_forward: 3", input: .scalar, parts: ["single number"]),
    Refusal(layer: "gated_feed_forward: 1000000000", parts: ["more elements"]),
    Refusal(layer: "gated_feed_forward: {units: 2, function: glu}", parts: ["swiglu"]),
    Refusal(layer: "mixture_of_experts: {experts: 2, units: 3, top_k: 3}", parts: ["3 of 2"]),
    Refusal(layer: "mixture_of_experts: {experts: 1000000000, units: 3}", parts: ["1024"]),
    Refusal(
      layer: "mixture_of_experts: {experts: 2, units: 3}", input: .scalar,
      parts: ["single number"]),
    Refusal(layer: "dense: 3", input: [4], classes: 5, parts: ["index of a class"]),
  ])
  private func `a sequence that does not fit is refused with the reason`(_ refusal: Refusal) {
    let lowering = lower(
      [refusal.layer], input: refusal.input, classes: refusal.classes, target: .number([1]))
    #expect(lowering.model == nil)
    for part in refusal.parts {
      #expect(lowering.problems.contains { $0.contains(part) }, "\(lowering.problems)")
    }
  }

  @Test private func `an embedding begins with deviation one, but for its padding`() throws {
    let lowering = lower(
      ["{embedding: {units: 200, padding: 3}, id: it}"], input: [2], classes: 20,
      target: .number([2, 200]))
    let parameter = try #require(lowering.model?.graph.parameters.first)
    let values = parameter.initializer.tensor(
      shape: [20, 200], stream: RandomStream(seed: 1, purpose: "test")
    ).values
    #expect(values[600..<800].allSatisfy { $0 == 0 })
    let others = values[..<600] + values[800...]
    let variance = others.reduce(0) { $0 + Double($1) * Double($1) } / Double(others.count)
    // The deviation of the mean of 3800 squares is √(2 / 3800) = 0.023.
    #expect(abs(variance - 1) < 0.1)
  }

  @Test private func `an embedding and the dense layer tied to it have one weight`() throws {
    let lowering = lower(
      ["{embedding: 3, id: a}", "{dense: {units: 5, bias: false}, tie: a}"], input: [4],
      classes: 5, target: .number([4, 5]))
    #expect(lowering.problems == [])
    #expect(lowering.model?.graph.parameters.map(\.name) == ["a.weight"])
  }

  @Test private func `the loss of balance is that of Switch, whatever the shards`() throws {
    let model = try #require(
      lower(
        ["{mixture_of_experts: {experts: 3, units: 2, balance: 0.25}, id: it}"], input: [2, 4],
        target: .number([2, 4])
      ).model)
    var test = model.testCase(rows: 6)
    let values = evaluateReference(test)
    let plain = try #require(
      lower(
        ["{mixture_of_experts: {experts: 3, units: 2, balance: 0}, id: it}"], input: [2, 4],
        target: .number([2, 4])
      ).model)
    var other = GraphCase(plain.graph, loss: plain.loss, rows: 6)
    other.data = [:]
    for (value, own) in zip(plain.graph.inputs, model.graph.inputs) {
      other.data[value.value] = test.data[own.value]
    }
    for parameter in plain.graph.parameters {
      other.data[parameter.value] = test.value(ofParameter: parameter.name).flatMap {
        test.data[$0]
      }
    }
    let node = try #require(model.graph.nodes.first { $0.op is Softmax })
    let probabilities = try #require(values[node.outputs[0]]).values
    var (chosen, mean) = ([0.0, 0, 0], [0.0, 0, 0])
    for first in stride(from: 0, to: 36, by: 3) {
      let row = Array(probabilities[first..<first + 3])
      for expert in (0..<3).sorted(by: { row[$0] > row[$1] }).prefix(2) { chosen[expert] += 1 }
      for expert in 0..<3 { mean[expert] += row[expert] / 12 }
    }
    let balance = 3 * (0..<3).reduce(0.0) { $0 + chosen[$1] / 24 * mean[$1] }
    let with = try #require(values[model.loss]).values[0]
    let without = try #require(evaluateReference(other)[plain.loss]).values[0]
    #expect(abs(with - without - 0.25 * balance) < 1e-12)
    test.loss = model.loss
    #expect(checkKernels(test, shards: [1, 2, 4, 6], tolerance: 1e-5) == [])
  }
}
