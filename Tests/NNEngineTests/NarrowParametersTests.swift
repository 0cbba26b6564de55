import NNEngine
import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

/// Copies of parameters in bf16 are those of the parameters as they are.
@Suite(.enabled(if: bfloat16Products != nil)) struct NarrowParametersTests {
  /// The parameters after some steps.
  ///
  /// - between: done before each step.
  private func trained(
    threads: Int, clipNorm: Double?, _ between: (ParameterStore) -> Void
  ) throws -> [String: [Float]] {
    let test = UpdaterTests.network(rows: 6).differentiated
    let plan = Plan(test.graph, operands: .bfloat16)
    #expect(plan.prologue.count == 1)
    let store = ParameterStore(plan.parameters)
    fill(store, from: test)
    let pool = WorkerPool(threads: threads)
    let executor = Executor(plan, parameters: store, shardRows: 2, pool: pool)
    let rule = UpdaterTests.rule(clipNorm: clipNorm)
    let updater = Updater(store: store, rule: rule, pool: pool)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    for step in 0..<6 {
      between(store)
      try run(executor, memory.table, Array(0..<test.rows), step: step)
      try updater.update(executor, scalars: [[3]])
    }
    return Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.tensor.values) })
  }

  @Test(arguments: [1, 2, 3], [nil, 0.05])
  func `they follow an update`(_ threads: Int, _ clipNorm: Double?) throws {
    let found = try trained(threads: threads, clipNorm: clipNorm) { _ in }
    // What is written from outside is rounded anew as a whole.
    let expected = try trained(threads: 1, clipNorm: clipNorm) { store in
      for entry in store.layout.entries { store.set(entry, store.tensor(entry)) }
    }
    #expect(found == expected)
  }

  @Test func `they follow what is written from outside`() throws {
    let found = try trained(threads: 2, clipNorm: nil) { store in
      for entry in store.layout.entries {
        store.set(entry, Tensor(entry.shape, store.tensor(entry).values.map { $0 * 0.5 }))
      }
    }
    let other = try trained(threads: 2, clipNorm: nil) { _ in }
    #expect(found != other)
    let copied = try trained(threads: 2, clipNorm: nil) { store in
      let half = ParameterStore(store.layout)
      for entry in store.layout.entries {
        half.set(entry, Tensor(entry.shape, store.tensor(entry).values.map { $0 * 0.5 }))
      }
      store.copy(from: half)
    }
    #expect(found == copied)
  }
}
