import NNEngine
import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct ExecutorTests {
  /// Convolution, batch norm, dropout and dense layers on small images.
  static func network(rows: Int) -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([2, 6, 6]))
    let filtered = g.batchNorm(g.convolution(x, "conv", filters: 3), "norm")
    let pooled = g.dropout(g.pooled(g.elementwise(relu(.value(filtered)))), "drop images")
    let flat = g.make(Reshape([27]), pooled)
    let hidden = g.elementwise(tanh(.value(g.batchNorm(g.dense(flat, "first", units: 8), "n2"))))
    return g.ended(by: g.dense(g.dropout(hidden, "drop"), "second", units: 3), rows: rows)
  }

  @Test(arguments: [(13, 4), (12, 4), (13, 13), (5, 1), (3, 8), (16, 3)])
  private func `the number of threads changes no bit`(_ rows: Int, _ shardRows: Int) throws {
    let test = ExecutorTests.network(rows: rows).differentiated
    let one = try execute(test, shardRows: shardRows, threads: 1)
    for threads in [2, 3, 8] {
      let other = try execute(test, shardRows: shardRows, threads: threads)
      #expect(bitDifferences(one, other) == [])
    }
  }

  @Test private func `a profile times every op of the run it is of, which leaves the same`() throws
  {
    let test = ExecutorTests.network(rows: 13).differentiated
    let plan = Plan(test.graph)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    func loss(_ body: (Executor, UnsafeBufferPointer<Int>) throws -> Void) throws -> Double {
      let store = ParameterStore(plan.parameters)
      for entry in plan.parameters.entries {
        let values = (test.data[entry.parameter.value] ?? []).map { Float($0) }
        store.set(entry, Tensor(entry.shape, values))
      }
      let executor = Executor(plan, parameters: store, shardRows: 4, pool: WorkerPool(threads: 2))
      try Array(0..<13).withUnsafeBufferPointer { try body(executor, $0) }
      return executor.total(try #require(test.loss))
    }
    var profile: StepProfile?
    let profiled = try loss { profile = try $0.profiled(memory.table, rows: $1, step: 0) }
    let run = try loss { try $0.run(memory.table, rows: $1, step: 0) }
    #expect(profiled == run && run != 0)
    let entries = try #require(profile).entries
    #expect(entries.count == plan.phases.flatMap(\.nodes).count { $0.op.aliases.isEmpty })
    #expect(entries.allSatisfy { $0.seconds > 0 })
  }

  @Test private func `the number of shards changes roundings only`() throws {
    let test = ExecutorTests.network(rows: 13).differentiated
    let whole = try execute(test, shardRows: 13)
    for shardRows in [1, 2, 4, 5, 12] {
      let parts = try execute(test, shardRows: shardRows)
      #expect(close(parts, whole) == [])
    }
  }

  @Test private func `a batch norm over shards is that of the batch`() throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([5]))
    let normal = g.batchNorm(g.dense(x, "dense", units: 4), "norm")
    // Without the tanh all gradients would be zero: the statistics take back what samples give.
    let test = g.ended(by: g.elementwise(tanh(.value(normal))), rows: 11)
    #expect(checkGradients(test) == [])
    // That of the bias before the norm is zero but for roundings.
    #expect(
      checkKernels(test, shards: [11, 4, 1], threads: [1, 2, 3, 8], tolerance: 3e-4) == [])
    let whole = try execute(test.differentiated, shardRows: 11)
    let parts = try execute(test.differentiated, shardRows: 4)
    #expect(close(parts, whole, tolerance: 2e-6) == [])
  }

  @Test private func `masks belong to samples and steps, not to shards`() throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([7]))
    g.output("y", g.dropout(x, "drop"))
    var test = GraphCase(g.graph, rows: 40)
    test.data[x] = .init(repeating: 1, count: 280)
    let whole = try execute(test, shardRows: 40)
    for shardRows in [1, 3, 16] {
      #expect(bitDifferences(whole, try execute(test, shardRows: shardRows)) == [])
    }
    let later = try execute(test, shardRows: 40, step: 1)
    #expect(bitDifferences(whole, later) != [])
    let zeros = whole.outputs[0].count { $0 == 0 }
    // Binomial with 280 trials of 0.2: 56 ± 6.7.
    #expect((30...82).contains(zeros) && whole.outputs[0].allSatisfy { $0 == 0 || $0 == 1.25 })
  }

  @Test private func `samples are gathered in the order of the indices`() throws {
    var g = GraphBuilder(isTraining: false)
    let x = g.input("x", .batched([2]))
    let label = g.input("label", .init(.scalar, isBatched: true, dataType: .int32))
    let logits = g.elementwise(.value(x) * 2)
    g.output("twice", logits)
    g.output("picked", g.makeAll(Pick(), [logits, label])[0])
    var test = GraphCase(g.graph, rows: 5)
    test.data[x] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    test.data[label] = [0, 1, 0, 1, 1]
    for shardRows in [1, 2, 4] {
      let result = try execute(test, shardRows: shardRows, rows: [4, 0, 0, 2])
      #expect(result.outputs == [[16, 18, 0, 2, 0, 2, 8, 10], [18, 0, 0, 8]])
    }
  }

  @Test private func `batches of several sizes do not disturb each other`() throws {
    let test = ExecutorTests.network(rows: 13).differentiated
    let plan = Plan(test.graph)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    let end = try #require(test.graph.outputs.first).value
    func results(of batches: [[Int]], threads: Int) throws -> [[Float]] {
      let store = ParameterStore(plan.parameters)
      fill(store, from: test)
      let executor = Executor(
        plan, parameters: store, shardRows: 4, pool: WorkerPool(threads: threads))
      return try batches.map { rows in
        try run(executor, memory.table, rows)
        var values: [Float] = []
        executor.forEachPart(end) { _, part in values += Array(part) }
        return values
      }
    }
    let batches = [Array(0..<13), Array(8..<13), [2], Array(0..<8), Array(0..<13)]
    let together = try results(of: batches, threads: 2)
    for (batch, values) in zip(batches, together) {
      #expect(try results(of: [batch], threads: 1) == [values])
    }
  }

  @Test private func `the first sample of each part is told`() throws {
    let test = ExecutorTests.network(rows: 10)
    let plan = Plan(test.graph)
    let store = ParameterStore(plan.parameters)
    fill(store, from: test)
    let executor = Executor(plan, parameters: store, shardRows: 4, pool: WorkerPool(threads: 1))
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    try run(executor, memory.table, Array(0..<10))
    var parts: [[Int]] = []
    executor.forEachPart(test.graph.outputs[0].value) { parts.append([$0, $1.count]) }
    #expect(parts == [[0, 12], [4, 12], [8, 6]])
  }
}

/// Gives the parameters the values of a case.
func fill(_ store: ParameterStore, from test: GraphCase) {
  for entry in store.layout.entries {
    let values = (test.data[entry.parameter.value] ?? []).map { Float($0) }
    store.set(entry, Tensor(entry.shape, values))
  }
}

/// Where two results differ by more than roundings. Gradients that are zero in exact arithmetic,
/// such as that of a bias before a batch norm, are held against a scale of one tenth.
func close(
  _ a: ExecutionResult, _ b: ExecutionResult, tolerance: Double = 2e-5
) -> [String] {
  var problems = zip(a.outputs, b.outputs).map {
    difference(
      $0.map { Double($0) }, $1.map { Double($0) }, tolerance: tolerance, scale: 0.1,
      "output")
  }
  for (name, values) in b.gradients {
    problems.append(
      difference(
        (a.gradients[name] ?? []).map { Double($0) }, values.map { Double($0) },
        tolerance: tolerance, scale: 0.1, "gradient of \(name)"))
  }
  for (name, values) in b.states {
    problems.append(
      difference(
        (a.states[name] ?? []).map { Double($0) }, values.map { Double($0) },
        tolerance: tolerance, name))
  }
  return problems.compactMap { $0 }
}
