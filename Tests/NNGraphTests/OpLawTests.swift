import NNGraph
import NNTensor
import NNTestSupport
import Testing

@Suite struct OpLawTests {
  @Test(arguments: (elementwiseRows + opRows).filter(\.isDifferentiable))
  private func `a pullback gives the slopes of finite differences`(_ row: OpCase) throws {
    #expect(try checkPullback(row) == [])
  }

  @Test(arguments: elementwiseRows + opRows)
  private func `kernels give what references give, in every memory order`(_ row: OpCase) throws {
    #expect(try checkDirectKernels(row) == [])
  }

  @Test(arguments: elementwiseRows + opRows)
  private func `a row of work costs something, and more rows more`(_ row: OpCase) throws {
    let types = try row.op.outputTypes(row.inputs)
    let one = row.op.cost(row.inputs, types, rows: 1).operations
    let many = row.op.cost(row.inputs, types, rows: 10).operations
    let isBatched = row.inputs.contains(where: \.isBatched)
    // Where each sample is compared with each other, ten times the samples are a hundred pairs each.
    let growth = row.op is any WholeBatchOp ? 100 : 10
    #expect(one >= 0 && many == (isBatched ? growth * one : one))
    let computes = row.op is Unary || row.op is Binary || row.op is Linear || row.op is Convolution
    #expect(!computes || one >= types[0].count(rows: 1))
  }

  @Test private func `every function of one number has a row`() {
    #expect(Set(unaryRows.map(\.function)) == Set(UnaryFunction.allCases))
  }

  @Test private func `every function of two numbers has a row`() {
    #expect(Set(binaryRows.map(\.function)) == Set(BinaryFunction.allCases))
  }

  @Test private func `a product counts a multiply-add as two operations`() throws {
    let linear = Linear()
    let types: [ValueType] = [.batched([5]), .single([3, 5])]
    #expect(linear.cost(types, try linear.outputTypes(types), rows: 7).operations == 2 * 7 * 5 * 3)
    let convolution = Convolution(.init(kernel: (3, 3)), groups: 2)
    let images: [ValueType] = [.batched([4, 6, 6]), .single([8, 2, 3, 3])]
    #expect(
      convolution.cost(images, try convolution.outputTypes(images), rows: 2).operations
        == 2 * 2 * (8 * 4 * 4) * (2 * 3 * 3))
  }

  @Test private func `moments over the batch carry gradients to every sample`() {
    for shape in [[3], [2, 3, 2]] as [Shape] {
      var g = GraphBuilder(isTraining: true)
      let x = g.input("x", .batched(shape))
      let own = g.input("each sample's own", .batched(shape))
      let scale = g.testParameter("scale", shape)
      let axes = Array(0..<shape.rank)
      let spread = g.make(Broadcast(to: shape, axes: axes), scale)
      // Samples depend on the parameter in different ways, so that a mean over them is not enough.
      let moved = g.elementwise(.value(x) + .value(own) * .value(spread))
      let moments = g.batchMoments(moved)
      let means = g.weightedSum(moments.mean)
      let variances = g.weightedSum(moments.variance)
      let product = g.elementwise(.value(means) * .value(variances))
      let test = GraphCase(g.graph, loss: product, rows: 5)
      #expect(checkGradients(test) == [])
    }
  }
}
