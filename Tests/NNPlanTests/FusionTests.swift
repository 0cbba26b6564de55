import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct FusionTests {
  @Test private func `a dense layer with a rectifier is one op`() throws {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let hidden = g.dense(x, "dense", units: 3)
    g.output("y", g.elementwise(relu(.value(hidden))))
    let plan = Plan(g.graph)
    #expect(plan.opNames == ["Linear"])
    let linear = try #require(plan.nodes[0].op as? Linear)
    #expect(linear.hasBias && linear.rectifies)
    #expect(checkKernels(GraphCase(g.graph, rows: 7)) == [])
  }

  @Test private func `in training too, because the rectifier's gradient reads its result`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let hidden = g.elementwise(relu(.value(g.dense(x, "first", units: 5))))
    let test = g.ended(by: g.dense(hidden, "second", units: 2), rows: 6)
    let linears = Plan(test.differentiated.graph).nodes.compactMap { $0.op as? Linear }
    #expect(linears.map(\.hasBias) == [true, true, false])
    #expect(linears.map(\.rectifies) == [true, false, false])
    #expect(checkKernels(test) == [])
  }

  @Test private func `rows of a table that is a weight too go where its gradient is`() throws {
    var g = GraphBuilder(isTraining: true)
    let index = g.input("index", ValueType([3], isBatched: true, dataType: .int32))
    let table = g.testParameter("table", [400, 4])
    let found = g.make(Gather(), table, index)
    let test = g.ended(by: g.make(Linear(), found, table), rows: 2)
    let plan = Plan(test.differentiated.graph)
    let scatters = plan.nodes.compactMap { $0.op as? ScatterAdd }
    #expect(scatters.map(\.addsOnto) == [true])
    #expect(checkKernels(test) == [])
    #expect(checkMemory(plan, rows: 2) == [])
    // The weight's gradient is made in its own place, and no table elsewhere.
    let gradient = try #require(plan.graph.gradients.first?.gradient)
    let weight = try #require(plan.nodes.first { $0.op is LinearWeightGradient }?.outputs[0])
    let memory = MemoryPlan(plan, rows: 2)
    #expect(memory.places[weight.index] == memory.places[gradient.index])
  }

  @Test private func `a bias may stand before the product`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let y = g.make(Linear(), x, g.testParameter("weight", [3, 4]))
    let bias = g.make(Broadcast(to: [3], axes: [0]), g.testParameter("bias", [3]))
    g.output("y", g.elementwise(.value(bias) + .value(y)))
    #expect(Plan(g.graph).opNames == ["Linear"])
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }

  @Test private func `a rectifier stays outside where its input is needed too`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let y = g.dense(x, "dense", units: 3)
    g.output("before", y)
    g.output("after", g.elementwise(relu(.value(y))))
    let plan = Plan(g.graph)
    #expect(plan.opNames == ["Linear", "ElementwiseProgram"])
    #expect((plan.nodes[0].op as? Linear)?.rectifies == false)
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }

  @Test private func `a product that is needed without its bias keeps it outside`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let y = g.make(Linear(), x, g.testParameter("weight", [3, 4]))
    let bias = g.make(Broadcast(to: [3], axes: [0]), g.testParameter("bias", [3]))
    g.output("sum", g.elementwise(.value(bias) + .value(y)))
    g.output("product", y)
    #expect(Plan(g.graph).opNames == ["Linear", "ElementwiseProgram"])
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }

  @Test private func `what is added along another axis is no bias`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([3, 3]))
    let y = g.make(Linear(), x, g.testParameter("weight", [3, 3]))
    let rows = g.make(Broadcast(to: [3, 3], axes: [0]), g.testParameter("rows", [3]))
    g.output("y", g.elementwise(.value(y) + .value(rows)))
    #expect(Plan(g.graph).opNames == ["Linear", "ElementwiseProgram"])
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }

  @Test private func `a convolution takes its bias and rectifier`() throws {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([2, 6, 6]))
    g.output("y", g.elementwise(relu(.value(g.convolution(x, "conv", filters: 4)))))
    let plan = Plan(g.graph)
    let convolution = try #require(plan.nodes.compactMap { $0.op as? Convolution }.first)
    #expect(convolution.hasBias && convolution.rectifies)
    #expect(plan.count("ElementwiseProgram") == 0)
    #expect(checkKernels(GraphCase(g.graph, rows: 3)) == [])
  }

  @Test private func `a chain of elementwise ops is one program`() throws {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([9]))
    let v = Expression.value(x)
    // The Gaussian error linear unit by its approximation, eleven ops.
    let inner = 0.797_884_56 * (v + 0.044715 * v * v * v)
    g.output("y", g.elementwise(0.5 * v * (1 + tanh(inner))))
    let plan = Plan(g.graph)
    #expect(plan.opNames == ["ElementwiseProgram"])
    let program = try #require(plan.nodes[0].op as? ElementwiseProgram)
    #expect(program.outputCount == 1 && program.steps.count > 6)
    // Chains share temporaries instead of having one for each step.
    #expect(program.slots.count { $0 == .temporary } <= 3)
    #expect(checkKernels(GraphCase(g.graph, rows: 5)) == [])
  }

  @Test private func `a chain longer than a program may be is several`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([9]))
    var y = x
    for index in 0..<200 { y = g.elementwise(tanh(.value(y) + Expression(Double(index) / 100))) }
    g.output("y", y)
    let plan = Plan(g.graph)
    let programs = plan.nodes.compactMap { $0.op as? ElementwiseProgram }
    #expect(programs.count == plan.nodes.count && programs.count > 1)
    #expect(programs.allSatisfy { $0.slots.count <= ElementwiseProgram.maximumSlots })
    #expect(programs.allSatisfy { $0.steps.count <= ElementwiseProgram.maximumSteps })
    #expect(checkKernels(GraphCase(g.graph, rows: 3)) == [])
  }

  @Test private func `a chain is not joined around an op that stands between its parts`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let first = g.elementwise(exp(.value(x)))
    let sum = g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), first)
    let spread = g.make(Broadcast(to: [4], axes: []), sum)
    g.output("y", g.elementwise(.value(first) / .value(spread)))
    #expect(Plan(g.graph).opNames == ["ElementwiseProgram", "ReduceSum", "ElementwiseProgram"])
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }

  @Test private func `the cross entropy of a softmax is one op, and so is its gradient`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let target = g.input("target", .init(.scalar, isBatched: true, dataType: .int32))
    let logits = g.dense(x, "dense", units: 3)
    let logs = g.make(Softmax(isLogarithm: true), logits)
    let losses = g.elementwise(-.value(g.make(Pick(), logs, target)))
    g.output("losses", losses)
    let sum = g.make(ReduceSum(axes: [], rank: 0, overBatch: true), losses)
    let loss = g.elementwise(.value(sum) * .value(g.inverseBatch()))
    g.output("loss", loss)
    var test = GraphCase(g.graph, loss: loss, rows: 6)
    let unfused = evaluateReference(test.differentiated)
    test.graph = withFusedCrossEntropy(test.graph)
    let plan = Plan(test.differentiated.graph)
    #expect(plan.count("SoftmaxCrossEntropy") == 1)
    #expect(plan.count("SoftmaxCrossEntropyGradient") == 1)
    for name in ["Softmax", "SoftmaxGradient", "Pick", "Place"] { #expect(plan.count(name) == 0) }
    let fused = evaluateReference(test.differentiated)
    #expect(
      difference(
        fused[losses]?.values ?? [], unfused[losses]?.values ?? [],
        tolerance: 1e-12, "losses") == nil)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `the log-softmax stays where somebody reads it`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    let target = g.input("target", .init(.scalar, isBatched: true, dataType: .int32))
    let logs = g.make(Softmax(isLogarithm: true), x)
    g.output("losses", g.elementwise(-.value(g.make(Pick(), logs, target))))
    g.output("logs", logs)
    let plan = Plan(withFusedCrossEntropy(g.graph))
    #expect(Set(plan.opNames) == ["SoftmaxCrossEntropy", "Softmax"])
  }

  @Test private func `one random number for all is not one for each`() throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([6]))
    let scalar = g.testParameter("scalar", .scalar)
    let random = g.make(RandomUniform(RandomStream(seed: 1, purpose: "test")), scalar)
    let y = g.elementwise(.value(x) * .value(random))
    g.output("y", y)
    let test = GraphCase(g.graph, rows: 3)
    let expected = try evaluateUnfused(test)[y] ?? []
    let actual = try execute(test, shardRows: 3).outputs[0]
    #expect(bitDifference(actual, expected, "y") == nil)
  }

  @Test private func `nodes that nothing needs vanish`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([4]))
    _ = g.dense(x, "unused", units: 3)
    g.output("y", g.elementwise(exp(.value(x))))
    #expect(Plan(g.graph).opNames == ["ElementwiseProgram"])
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }
}
