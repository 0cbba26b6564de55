import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct FusionPropertyTests {
  @Test(arguments: 0..<120 as Range<UInt64>)
  private func `fusion changes no bit of elementwise work`(_ seed: UInt64) throws {
    let shape: Shape = seed % 3 == 0 ? [2, 3, 2] : (seed % 3 == 1 ? [6] : [2, 3])
    let test = randomGraph(seed: seed, shape: shape).differentiated
    let expected = try evaluateUnfused(test)
    let actual = try execute(test, shardRows: test.rows)
    let outputs = test.graph.outputs.filter { test.graph.type($0.value).isBatched }
    for (output, values) in zip(outputs, actual.outputs) {
      #expect(bitDifference(values, expected[output.value] ?? [], output.name) == nil)
    }
    for entry in test.graph.gradients {
      let parameter = try #require(
        test.graph.parameters.first { $0.value == entry.parameter })
      // Gradients are sums, and fused sums have an order of their own.
      #expect(
        difference(
          (actual.gradients[parameter.name] ?? []).map { Double($0) },
          (expected[entry.gradient] ?? []).map { Double($0) }, tolerance: 1e-5, parameter.name)
          == nil)
    }
  }

  @Test(arguments: 200..<240 as Range<UInt64>)
  private func `plans of random networks give what references give`(_ seed: UInt64) {
    let shape: Shape = seed % 2 == 0 ? [6] : [3, 4]
    let test = randomGraph(
      seed: seed, shape: shape, steps: 5...25, parts: [.sums, .views, .products])
    #expect(checkKernels(test, tolerance: 3e-4) == [])
  }

  @Test(arguments: 300..<330 as Range<UInt64>)
  private func `plans with collectives give what references give, in any shards`(_ seed: UInt64) {
    let shape: Shape = seed % 2 == 0 ? [6] : [2, 3, 2]
    let test = randomGraph(
      seed: seed, shape: shape, steps: 5...20, parts: [.sums, .views, .collectives], rows: 7)
    #expect(checkKernels(test, tolerance: 1e-3) == [])
  }

  @Test(arguments: 400..<412 as Range<UInt64>)
  private func `gradients of random networks are the slopes of finite differences`(
    _ seed: UInt64
  ) {
    let test = randomGraph(
      seed: seed, shape: seed % 2 == 0 ? [4] : [2, 2], steps: 5...15,
      parts: [.sums, .views, .products, .collectives], rows: 3)
    #expect(checkGradients(test) == [])
  }
}
