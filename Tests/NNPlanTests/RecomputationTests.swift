import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct RecomputationTests {
  private static func recomputed(_ test: GraphCase) -> GraphCase {
    var copy = test.differentiated
    copy.graph = withRecomputation(copy.graph, forwardValues: test.graph.types.count)
    return copy
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  private func `what runs again gives the same bits`(_ seed: UInt64) throws {
    let parts: RandomGraphParts =
      seed % 2 == 0 ? [.sums, .views, .products] : [.sums, .views, .products, .collectives]
    let test = randomGraph(
      seed: 3000 + seed, shape: seed % 3 == 0 ? [2, 3, 2] : [6], parts: parts, rows: 9)
    let again = RecomputationTests.recomputed(test)
    #expect(checkMemory(Plan(again.graph), rows: 9) == [])
    let plain = try execute(test.differentiated, shardRows: 4)
    let other = try execute(again, shardRows: 4)
    #expect(plain.outputs == other.outputs)
    #expect(plain.gradients == other.gradients)
    #expect(plain.states == other.states)
    #expect(plain.loss == other.loss)
  }

  /// Blocks of two products with a function between them and a way around.
  private static func stack(_ blocks: Int, batchNorm: Bool = false) -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    var x = g.input("x", .batched([64]))
    for index in 0..<blocks {
      var y = g.dense(x, "in \(index)", units: 256)
      if batchNorm { y = g.batchNorm(y, "norm \(index)") }
      y = g.dropout(g.elementwise(tanh(.value(y))), "drop \(index)")
      y = g.dense(y, "out \(index)", units: 64)
      x = g.elementwise(.value(x) + .value(y))
    }
    return g.ended(by: x, rows: 32)
  }

  @Test(arguments: [false, true])
  private func `a deep stack takes a fraction of the memory`(_ batchNorm: Bool) throws {
    let test = RecomputationTests.stack(24, batchNorm: batchNorm)
    let again = RecomputationTests.recomputed(test)
    let (plain, less) = (Plan(test.differentiated.graph), Plan(again.graph))
    let bytes = MemoryPlan(plain, rows: 32).arenaBytes
    let fewer = MemoryPlan(less, rows: 32).arenaBytes
    #expect(2 * fewer < bytes, "\(bytes) became \(fewer)")
    #expect(checkMemory(less, rows: 32) == [])
    // All but the last segment's work runs a second time, no more.
    let (once, twice) = (plain.cost(rows: 32).operations, less.cost(rows: 32).operations)
    #expect(twice > once && Double(twice) < 1.4 * Double(once))
    #expect(
      try execute(test.differentiated, shardRows: 16).gradients
        == execute(again, shardRows: 16).gradients)
  }

  @Test private func `a small network is left as it is`() {
    let test = RecomputationTests.stack(1)
    let again = RecomputationTests.recomputed(test)
    #expect(Plan(again.graph).nodes.count == Plan(test.differentiated.graph).nodes.count)
  }
}
