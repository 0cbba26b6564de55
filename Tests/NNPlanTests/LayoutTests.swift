import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct LayoutTests {
  /// conv → pool → batch norm → relu → conv.
  private static func chain(isTraining: Bool) -> GraphCase {
    var g = GraphBuilder(isTraining: isTraining)
    let x = g.input("x", .batched([3, 8, 8]))
    let pooled = g.pooled(g.convolution(x, "first", filters: 4))
    let normal = g.elementwise(relu(.value(g.batchNorm(pooled, "norm"))))
    return g.ended(by: g.convolution(normal, "second", filters: 5), rows: 5)
  }

  @Test private func `a chain of image layers is reordered only at its ends`() throws {
    let test = LayoutTests.chain(isTraining: false)
    let plan = Plan(test.graph)
    let reorders = plan.nodes.compactMap { node in (node.op as? Reorder).map { ($0, node) } }
    #expect(reorders.map(\.0.target) == [.channelsLast, .plain])
    #expect(reorders.first?.1.inputs == [try #require(test.graph.inputs.first).value])
    #expect(reorders.last?.1.outputs.first == plan.graph.outputs.first?.value)
    #expect(checkKernels(test, tolerance: 1e-3) == [])
  }

  @Test private func `the backward pass stays channels last too`() {
    let test = LayoutTests.chain(isTraining: true)
    let plan = Plan(test.differentiated.graph)
    // In, out, and the gradient of the plain result.
    #expect(plan.count("Reorder") <= 3)
    #expect(checkMemory(plan, rows: 5) == [])
    #expect(checkGradients(test, tolerance: 1e-5) == [])
  }

  @Test private func `one row or one channel or one pixel makes no difference`() {
    for shape in [[1, 4, 4], [2, 1, 4], [3, 1, 1], [1, 1, 1]] as [Shape] {
      var g = GraphBuilder(isTraining: true)
      let x = g.input("x", .batched(shape))
      let test = g.ended(
        by: g.elementwise(tanh(.value(g.convolution(x, "c", filters: 2)))),
        rows: 3)
      #expect(checkGradients(test) == [])
      #expect(checkKernels(test) == [])
    }
  }

  @Test private func `each sample's channels are spread over images`() {
    // As squeeze and excitation has it: the batch and the channels stand apart in memory.
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3, 4, 4]))
    let y = g.convolution(x, "conv", filters: 3)
    let sums = g.make(ReduceSum(axes: [1, 2], rank: 3, overBatch: false), y)
    let gates = g.elementwise(sigmoid(.value(g.dense(sums, "dense", units: 3))))
    let spread = g.make(Broadcast(to: [3, 4, 4], axes: [0]), gates)
    let test = g.ended(by: g.elementwise(.value(y) * .value(spread)), rows: 4)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `flattening and joining see images in their own order`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([2, 4, 4]))
    let left = g.convolution(x, "left", filters: 3)
    let joined = g.makeAll(Concat(axis: 0), [left, x])[0]
    let pooled = g.make(
      Pool2d(.mean(countsPadding: true), .init(kernel: (2, 2), stride: (2, 2))), joined)
    let flat = g.make(Reshape([20]), pooled)
    let test = g.ended(by: g.dense(flat, "dense", units: 3), rows: 4)
    #expect(checkGradients(test) == [])
    #expect(checkKernels(test) == [])
  }

  @Test private func `an image that is an output is read plain, by the name the model gave it`() {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([2, 3, 4]))
    let y = g.convolution(x, "conv", filters: 3)
    g.output("y", y)
    g.output("spread", g.make(Broadcast(to: [2, 3, 4], axes: [0]), g.testParameter("p", [2])))
    #expect(checkKernels(GraphCase(g.graph, rows: 4)) == [])
  }
}
