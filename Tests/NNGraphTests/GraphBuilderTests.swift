import NNGraph
import NNTensor
import NNTestSupport
import Testing

@Suite struct GraphBuilderTests {
  @Test private func `equal ops on equal values are made once`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    let y = g.input("y", .batched([3]))
    let first = g.elementwise(exp(.value(x)) + 2)
    #expect(g.elementwise(exp(.value(x)) + 2) == first)
    #expect(g.elementwise(exp(.value(y)) + 2) != first)
    #expect(g.elementwise(exp(.value(x)) + 3) != first)
    #expect(g.graph.nodes.count == 7)
  }

  @Test private func `a graph that is extended keeps what it made`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    let y = g.elementwise(exp(.value(x)))
    var more = GraphBuilder(extending: g.graph)
    #expect(more.elementwise(exp(.value(x))) == y)
    #expect(more.graph.nodes.count == 1)
  }

  @Test private func `each node knows the layer it was made for`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    g.scope = "dense_1"
    _ = g.elementwise(exp(.value(x)))
    g.scope = ""
    _ = g.elementwise(-.value(x))
    #expect(g.graph.nodes.map(\.scope) == ["dense_1", ""])
  }

  @Test private func `constants are computed before the first step`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    #expect(g.elementwise(.value(x) * 1) == x)
    #expect(g.elementwise(1 * .value(x)) == x)
    let negated = g.elementwise(.value(x) * -1)
    #expect(g.elementwise(-.value(x)) == negated)
    let sum = g.elementwise(Expression(2) + 3)
    #expect(evaluateReference(GraphCase(g.graph, rows: 1))[sum]?.values == [5])
  }

  @Test private func `states are never trained, whatever is asked`() {
    var g = GraphBuilder(isTraining: true)
    _ = g.testParameter("state", [2], role: .state)
    _ = g.testParameter("weight", [2])
    #expect(g.graph.parameters.map(\.isTrained) == [false, true])
  }

  @Test private func `the size of the batch is one value`() {
    var g = GraphBuilder(isTraining: true)
    #expect(g.inverseBatch() == g.inverseBatch())
  }

  @Test private func `a shape that does not fit leaves the graph as it was`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3]))
    let weight = g.testParameter("weight", [2, 4])
    #expect(throws: ShapeError.self) { try g.apply(Linear(), x, weight) }
    #expect(g.graph.nodes.isEmpty && g.graph.types.count == 2)
  }

  @Test private func `the cost of a graph is that of its nodes`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([4]))
    let y = g.make(Linear(), x, g.testParameter("weight", [3, 4]))
    _ = g.elementwise(exp(.value(y)))
    #expect(g.graph.cost(rows: 5).operations == 2 * 5 * 12 + 5 * 3)
  }
}
