import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct MemoryPlanTests {
  @Test(arguments: 0..<150 as Range<UInt64>)
  private func `whoever reads a value finds what its maker left`(_ seed: UInt64) {
    let parts: RandomGraphParts =
      seed % 2 == 0 ? [.sums, .views] : [.sums, .views, .products, .collectives]
    let test = randomGraph(
      seed: 1000 + seed, shape: seed % 3 == 0 ? [2, 3, 2] : [6], parts: parts, rows: 9)
    #expect(checkMemory(Plan(test.graph), rows: 9) == [])
    #expect(checkMemory(Plan(test.differentiated.graph), rows: 9) == [])
    #expect(checkMemory(Plan(test.differentiated.graph), rows: 1) == [])
  }

  @Test private func `a deep chain needs little more memory than one of its values`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([64]))
    var y = x
    for index in 0..<30 {
      y = g.elementwise(relu(.value(g.dense(y, "dense \(index)", units: 64))))
    }
    g.output("y", y)
    let plan = Plan(g.graph)
    let value = 32 * 64 * 4
    #expect(MemoryPlan(plan, rows: 32).arenaBytes == 2 * value)
    #expect(checkMemory(plan, rows: 32) == [])
  }

  @Test private func `training keeps what the backward pass reads, and no more`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([64]))
    var y = x
    for index in 0..<10 {
      y = g.elementwise(relu(.value(g.dense(y, "dense \(index)", units: 64))))
    }
    let test = g.ended(by: y, rows: 32)
    let plan = Plan(test.differentiated.graph)
    let value = 32 * 64 * 4
    // The input and ten results, a gradient or two, and some small change.
    #expect(MemoryPlan(plan, rows: 32).arenaBytes < 14 * value)
    #expect(checkMemory(plan, rows: 32) == [])
  }

  @Test private func `elementwise work runs in place where it may`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([100]))
    let sum = g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), x)
    let spread = g.make(Broadcast(to: [100], axes: []), sum)
    let quotient = g.elementwise(.value(x) / .value(spread))
    g.output("y", g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), quotient))
    let memory = MemoryPlan(Plan(g.graph), rows: 10)
    // The quotient takes the input's place; the sums need 64 bytes, and those that stay are kept.
    #expect(memory.arenaBytes == TensorBuffer.aligned(4000) + 64)
    #expect(memory.keptBytes == 64)
  }

  @Test private func `a value is not overwritten while a view of it is still read`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let shares = g.make(Softmax(), x)
    let view = g.make(Reshape([4]), g.make(Reshape([2, 2]), shares))
    // exp reads the value for the last time, but the product after it reads the same memory.
    let first = g.elementwise(exp(.value(shares)))
    g.output("first", first)
    g.output("second", g.elementwise(.value(first) * .value(view)))
    #expect(checkMemory(Plan(g.graph), rows: 3) == [])
    #expect(checkKernels(GraphCase(g.graph, rows: 3)) == [])
  }

  @Test private func `equal gradients have memory of their own`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let (left, right) = (g.dense(x, "left", units: 3), g.dense(x, "right", units: 3))
    let test = g.ended(by: g.elementwise(.value(left) + .value(right)), rows: 5)
    let gradients = Plan(test.differentiated.graph).graph.gradients
    #expect(gradients.count == 4)
    #expect(Set(gradients.map(\.gradient)).count == 4)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `a gradient that is a view has memory of its own`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let flat = g.testParameter("flat", [12])
    let y = g.make(Linear(), x, g.make(Reshape([3, 4]), flat))
    let test = g.ended(by: y, rows: 5)
    #expect(checkMemory(Plan(test.differentiated.graph), rows: 5) == [])
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `a parameter used twice gets the sum of its gradients`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    let weight = g.testParameter("weight", [3, 3])
    let y = g.make(Linear(), g.elementwise(tanh(.value(g.make(Linear(), x, weight)))), weight)
    let test = g.ended(by: y, rows: 5)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `what a collective combines is nobody else's`() {
    // The gradient of the offset is the very value that is summed over the shards for the mean.
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    let scale = g.testParameter("scale", [3])
    let offset = g.testParameter("offset", [3])
    func spread(_ value: Value) -> Expression {
      .value(g.make(Broadcast(to: [3], axes: [0]), value))
    }
    let scaled = g.elementwise(.value(x) * spread(scale))
    let moments = g.batchMoments(scaled)
    let y = g.elementwise(.value(scaled) + spread(moments.mean) + spread(offset))
    let test = g.ended(by: y, rows: 7)
    #expect(checkMemory(Plan(test.differentiated.graph), rows: 3) == [])
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test, shards: [7, 3, 2, 1]) == [])
  }
}
