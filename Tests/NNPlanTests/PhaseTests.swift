import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct PhaseTests {
  @Test private func `a plan without collectives is one phase`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let plan = Plan(g.ended(by: g.dense(x, "dense", units: 3), rows: 4).differentiated.graph)
    #expect(plan.phases.count == 1)
    #expect(plan.phases[0].collectives.isEmpty)
  }

  @Test private func `a phase ends where the whole batch is needed`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let test = g.ended(by: g.batchNorm(g.dense(x, "dense", units: 3), "norm"), rows: 4)
    let forward = Plan(test.graph)
    #expect(forward.phases.map(\.collectives.count) == [1, 0])
    // Both sums of the backward pass are made in one phase.
    let both = Plan(test.differentiated.graph)
    #expect(both.phases.map(\.collectives.count) == [1, 2, 0])
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  private func `no phase needs what a later one makes`(_ seed: UInt64) {
    let test = randomGraph(
      seed: 2000 + seed, parts: [.sums, .views, .products, .collectives]
    ).differentiated
    let plan = Plan(test.graph)
    var known = Set(test.data.keys)
    if let value = test.graph.inverseBatch { known.insert(value) }
    for phase in plan.phases {
      for node in phase.nodes {
        #expect(!(node.op is any CollectiveOp))
        #expect(node.inputs.allSatisfy(known.contains))
        known.formUnion(node.outputs)
      }
      #expect(phase.collectives.allSatisfy { $0.inputs.allSatisfy(known.contains) })
      for node in phase.collectives { known.formUnion(node.outputs) }
    }
    #expect(plan.graph.outputs.allSatisfy { known.contains($0.value) })
    #expect(plan.graph.gradients.allSatisfy { known.contains($0.gradient) })
  }
}
