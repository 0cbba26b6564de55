import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct NarrowOperandsTests {
  /// Two layers with products that are worth it, and a small last one.
  private func network() -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([80]))
    let h = g.elementwise(tanh(.value(g.dense(x, "first", units: 96))))
    let k = g.elementwise(tanh(.value(g.dense(h, "second", units: 64))))
    return g.ended(by: g.dense(k, "last", units: 3), rows: 12).differentiated
  }

  private func images() -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([1, 8, 8]))
    let h = g.elementwise(tanh(.value(g.convolution(x, "first", filters: 16))))
    let k = g.elementwise(tanh(.value(g.convolution(h, "second", filters: 16))))
    // No pooling: rounding would move a maximum to another place, and its gradient with it.
    return g.ended(by: k, rows: 12).differentiated
  }

  @Test func `an operand is rounded once for all that read it`() {
    let test = network()
    let plan = Plan(test.graph, operands: .bfloat16)
    // x, h, and the gradients of both products; the weight of the first is read forwards alone.
    #expect(plan.count("Cast") == 4)
    #expect(plan.prologue.count == 2)
    let casts = plan.nodes.filter { $0.op is Cast }
    #expect(Set(casts.map { $0.inputs[0] }).count == casts.count)
    for node in plan.nodes where node.op is any NarrowableOp {
      let isLast =
        node.scope.isEmpty && node.inputs.contains { plan.graph.type($0).shape == [3, 64] }
      let types = node.inputs.prefix(2).map { plan.graph.type($0).dataType }
      #expect(Set(types).count == 1)
      if isLast { #expect(types[0] == .float32) }
    }
  }

  @Test func `only operands of products are in bf16`() {
    for test in [network(), images()] {
      let plan = Plan(test.graph, operands: .bfloat16)
      for node in plan.nodes {
        for input in node.inputs where plan.graph.type(input).dataType == .bfloat16 {
          #expect(node.op is any NarrowableOp)
        }
      }
      for value in plan.graph.outputs.map(\.value) + plan.graph.gradients.map(\.gradient) {
        #expect(plan.graph.type(value).dataType == .float32)
      }
    }
  }

  @Test func `in f32 nothing is rounded`() {
    let plan = Plan(network().graph)
    #expect(plan.count("Cast") == 0)
    #expect(plan.prologue.isEmpty)
  }

  @Test func `memory holds what is in bf16`() {
    for test in [network(), images()] {
      let plan = Plan(test.graph, operands: .bfloat16)
      #expect(checkMemory(plan, rows: 5) == [])
    }
  }

  @Test(.enabled(if: bfloat16Products != nil))
  func `gradients are near those of f32, and the same for any number of threads`() throws {
    for var test in [network(), images()] {
      // Small weights, so that tanh is not near its ends, where rounding shows most.
      for parameter in test.graph.parameters {
        test.data[parameter.value] = test.data[parameter.value]?.map { Double(Float($0 * 0.2)) }
      }
      let exact = try execute(test, shardRows: 4)
      let results = try [1, 2, 3].map {
        try execute(test, shardRows: 4, threads: $0, operands: .bfloat16)
      }
      #expect(bitDifferences(results[0], results[1]) == [])
      #expect(bitDifferences(results[0], results[2]) == [])
      // It would be the same if nothing was rounded.
      #expect(bitDifferences(results[0], exact) != [])
      for (name, gradient) in exact.gradients {
        let found = try #require(results[0].gradients[name])
        #expect(
          difference(found.map { Double($0) }, gradient.map { Double($0) }, tolerance: 0.02, name)
            == nil)
      }
    }
  }
}
