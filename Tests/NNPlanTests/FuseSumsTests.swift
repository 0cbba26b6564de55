import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct FuseSumsTests {
  private func sums(_ plan: Plan) -> [ElementwiseProgram.Sum] {
    plan.nodes.compactMap { $0.op as? ElementwiseProgram }.flatMap(\.sums)
  }

  @Test private func `a bias behind an activation gets its gradient where that of the sum is made`()
  {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let hidden = g.elementwise(tanh(.value(g.dense(x, "first", units: 5))))
    let test = g.ended(by: g.dense(hidden, "second", units: 2), rows: 6)
    let plan = Plan(test.differentiated.graph)
    #expect(sums(plan).map(\.period).contains(5))
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test, shards: [6, 4, 1]) == [])
  }

  @Test private func `what only a sum reads is not written`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([3, 4]))
    let squares = g.elementwise(square(.value(x)) + 1)
    g.output("sum", g.make(ReduceSum(axes: [0], rank: 2, overBatch: true), squares))
    let plan = Plan(g.graph)
    #expect(plan.opNames == ["ElementwiseProgram"])
    #expect(sums(plan).map(\.period) == [4])
    #expect((plan.nodes[0].op as? ElementwiseProgram)?.outputCount == 0)
    #expect(checkKernels(GraphCase(g.graph, rows: 9)) == [])
  }

  @Test private func `sums over other axes stay what they are`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([3, 4]))
    let squares = g.elementwise(square(.value(x)) + 1)
    g.output("rows", g.make(ReduceSum(axes: [1], rank: 2, overBatch: true), squares))
    g.output("samples", g.make(ReduceSum(axes: [0, 1], rank: 2, overBatch: false), squares))
    let plan = Plan(g.graph)
    #expect(sums(plan).isEmpty)
    #expect(plan.opNames.filter { $0 == "ReduceSum" }.count == 2)
    #expect(checkKernels(GraphCase(g.graph, rows: 9)) == [])
  }

  @Test private func `the way back through batch statistics keeps one tensor between its phases`() {
    var g = GraphBuilder(isTraining: true)
    let image = g.input("x", .batched([2, 5, 5]))
    let x = g.make(
      Convolution(ConvolutionGeometry(kernel: (3, 3))), image, g.testParameter("w", [4, 2, 3, 3]))
    let moments = g.batchMoments(x)
    func spread(_ value: Value) -> Expression {
      .value(g.make(Broadcast(to: [4, 3, 3], axes: [0]), value))
    }
    let gain = g.elementwise(
      .value(g.testParameter("gain", [4])) * rsqrt(.value(moments.variance) + 1e-5))
    let shift = g.elementwise(.value(moments.mean) * .value(gain))
    let y = g.elementwise(relu(.value(x) * spread(gain) - spread(shift)))
    let flat = g.make(Reshape([36]), y)
    let test = g.ended(by: g.dense(flat, "end", units: 2), rows: 8)
    let plan = Plan(test.differentiated.graph)
    let full = plan.nodes.filter { node in
      node.op is ElementwiseProgram
        && plan.graph.type(node.outputs[0]) == .batched([4, 3, 3])
    }
    // The first goes forwards and, because the loss is linear, back to the sums: it writes y and dy
    // times the gain. The second goes on from the sums. Distances from the mean are not kept.
    #expect(full.map { ($0.op as? ElementwiseProgram)?.outputCount } == [2, 1])
    #expect(sums(plan).filter { $0.period == 4 }.count >= 2)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test, shards: [8, 3, 1]) == [])
  }
}
