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

  /// Channels with one, two or three axes behind them.
  private static let shapes: [Shape] = [[3, 8], [3, 4, 5], [2, 3, 4, 3]]

  @Test(arguments: shapes)
  private func `sequences and volumes stay channels last as images do`(_ shape: Shape) {
    var g = GraphBuilder(isTraining: true)
    let axes = shape.sizes.dropFirst().map { _ in
      ConvolutionGeometry.Axis(kernel: 3, padBefore: 1, padAfter: 1)
    }
    func convolution(_ x: Value, _ name: String) -> Value {
      let weight = g.testParameter(
        "\(name).weight", Shape([3, g.shape(x)[0]] + axes.map(\.kernel)))
      let bias = g.testParameter("\(name).bias", [3], role: .bias)
      let y = g.make(Convolution(.init(axes)), x, weight)
      return g.elementwise(.value(y) + .value(g.make(Broadcast(to: g.shape(y), axes: [0]), bias)))
    }
    let x = g.input("x", .batched(shape))
    let first = convolution(x, "first")
    let normal = g.elementwise(relu(.value(g.batchNorm(first, "norm"))))
    let larger = g.make(MapAxis(1, .nearest(factor: 2)), normal)
    let test = g.ended(by: convolution(larger, "second"), rows: 4)
    let plan = Plan(test.differentiated.graph)
    // In, out, and the gradient of the plain result.
    #expect(plan.count("Reorder") <= 3)
    #expect(plan.nodes.contains { ($0.op as? Convolution)?.hasBias == true })
    #expect(checkGradients(test, tolerance: 1e-5) == [])
    #expect(checkKernels(test, tolerance: 1e-3) == [])
    #expect(checkMemory(plan, rows: 4) == [])
  }

  @Test private func `steps of features are what a convolution of channels gives already`() {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([3, 8]))
    let weight = g.testParameter("weight", [4, 3, 3])
    let y = g.make(Convolution(.init([.init(kernel: 3)])), x, weight)
    let steps = g.make(Permute(axes: [1, 0]), y)
    let test = g.ended(by: g.dense(steps, "dense", units: 2), rows: 3)
    // Only the data is brought into the order that the convolution wants.
    #expect(Plan(test.graph).count("Reorder") == 1)
    #expect(checkGradients(test, tolerance: 1e-5) == [])
    #expect(checkKernels(test) == [])
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
      Pool(.mean(countsPadding: true), .init(kernel: (2, 2), stride: (2, 2))), joined)
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
