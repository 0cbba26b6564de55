import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@testable import NNEngine

/// Batches that are one shard, whose larger ops all workers share.
@Suite struct TeamTests {
  /// Each op of it that computes much is worth several parts.
  private static func network(rows: Int) -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([16, 32, 32]))
    let filtered = g.elementwise(relu(.value(g.convolution(x, "conv", filters: 32))))
    let pooled = g.dropout(g.pooled(filtered), "drop images")
    let flat = g.make(Reshape([g.shape(pooled).count]), pooled)
    let hidden = g.dropout(g.elementwise(tanh(.value(g.dense(flat, "first", units: 64)))), "drop")
    return g.ended(by: g.dense(hidden, "second", units: 3), rows: rows)
  }

  @Test(arguments: [1, 2, 7])
  private func `workers that share a shard change no bit`(_ rows: Int) throws {
    let test = TeamTests.network(rows: rows).differentiated
    let plan = Plan(test.graph)
    let costs = plan.phases.flatMap(\.nodes).map { plan.graph.cost(of: $0, rows: rows).operations }
    #expect(costs.count { $0 > 3_000_000 } >= 2, "the network is too small to be shared")
    let one = try execute(test, shardRows: rows, threads: 1)
    for threads in [2, 3, 8] {
      let other = try execute(test, shardRows: rows, threads: threads)
      #expect(bitDifferences(one, other) == [])
    }
    // Masks belong to samples, whoever computes them.
    #expect(close(try execute(test, shardRows: 1), one) == [])
  }

  @Test private func `a profile runs the parts too`() throws {
    let test = TeamTests.network(rows: 2).differentiated
    let plan = Plan(test.graph)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    func loss(_ body: (Executor, UnsafeBufferPointer<Int>) throws -> Void) throws -> Double {
      let store = ParameterStore(plan.parameters)
      for entry in plan.parameters.entries {
        let values = (test.data[entry.parameter.value] ?? []).map { Float($0) }
        store.set(entry, Tensor(entry.shape, values))
      }
      let executor = Executor(plan, parameters: store, shardRows: 2, pool: WorkerPool(threads: 2))
      try [0, 1].withUnsafeBufferPointer { try body(executor, $0) }
      return executor.total(try #require(test.loss))
    }
    let profiled = try loss { _ = try $0.profiled(memory.table, rows: $1, step: 0) }
    let run = try loss { try $0.run(memory.table, rows: $1, step: 0) }
    #expect(profiled == run && run != 0)
  }
}
