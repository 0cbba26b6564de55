import NNEngine
import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct UpdaterTests {
  /// Momentum with a rate, and a norm that may be clipped.
  static func rule(clipNorm: Double?, penalty: Double = 0) -> UpdateRule {
    let program = UpdateProgram(arrays: 3, scalars: clipNorm == nil ? 1 : 2) { arrays, scalars in
      let gradient = clipNorm == nil ? arrays[1] : arrays[1] * scalars[1]
      let velocity = 0.5 * arrays[2] + gradient
      return [(0, arrays[0] - scalars[0] * velocity), (2, velocity)]
    }
    let decay = UpdateProgram(arrays: 2, scalars: 0) { arrays, _ in
      [(1, arrays[1] + Expression(2 * penalty) * arrays[0])]
    }
    return UpdateRule(
      program, scalarCount: 1, states: ["velocity"], penalty: penalty > 0 ? decay : nil,
      clipNorm: clipNorm)
  }

  /// A dense layer whose weight takes more than one slice, and a small one.
  static func network(rows: Int) -> GraphCase {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([130]))
    let hidden = g.elementwise(tanh(.value(g.dense(x, "first", units: 130))))
    return g.ended(by: g.dense(hidden, "second", units: 2), rows: rows)
  }

  /// The parameters after some steps.
  static func trained(
    _ test: GraphCase, _ rule: UpdateRule, shardRows: Int, threads: Int, steps: Int
  ) throws -> [String: [Float]] {
    let plan = Plan(test.graph)
    let store = ParameterStore(plan.parameters)
    fill(store, from: test)
    let pool = WorkerPool(threads: threads)
    let executor = Executor(plan, parameters: store, shardRows: shardRows, pool: pool)
    let updater = Updater(store: store, rule: rule, pool: pool)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    for step in 0..<steps {
      // Every third batch is a smaller one, as the last of an epoch is.
      let rows = Array(0..<(step % 3 == 2 ? test.rows / 2 : test.rows))
      try run(executor, memory.table, rows, step: step)
      try updater.update(executor, scalars: [[0.1]])
      executor.updateStates()
    }
    return Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.tensor.values) })
  }

  @Test(arguments: [nil, 1e-3, 0.05, 1e6])
  private func `a step with a clipped norm is the plain computation`(_ clip: Double?) throws {
    let test = UpdaterTests.network(rows: 6).differentiated
    let values = evaluateReference(test)
    var gradients: [Value: [Double]] = [:]
    for entry in test.graph.gradients {
      gradients[entry.parameter] = values[entry.gradient]?.values
    }
    for parameter in test.graph.parameters where parameter.name.hasSuffix("weight") {
      let old = try #require(test.data[parameter.value])
      gradients[parameter.value] = try #require(gradients[parameter.value]).indices.map {
        (gradients[parameter.value]?[$0] ?? 0) + 2 * 0.01 * old[$0]
      }
    }
    let norm = gradients.values.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    let factor = clip.map { min(1, $0 / (norm + 1e-6)) } ?? 1
    for shardRows in [6, 2] {
      let actual = try UpdaterTests.trained(
        test, UpdaterTests.rule(clipNorm: clip, penalty: 0.01), shardRows: shardRows, threads: 2,
        steps: 1)
      for parameter in test.graph.parameters {
        let old = try #require(test.data[parameter.value])
        let gradient = gradients[parameter.value] ?? .init(repeating: 0, count: old.count)
        let expected = zip(old, gradient).map { $0 - 0.1 * factor * $1 }
        #expect(
          difference(
            (actual[parameter.name] ?? []).map { Double($0) }, expected, tolerance: 1e-6,
            parameter.name) == nil)
      }
    }
  }

  @Test(arguments: [nil, 0.05])
  private func `training is the same bit for bit on any number of threads`(
    _ clip: Double?
  ) throws {
    for test in [UpdaterTests.network(rows: 9), ExecutorTests.network(rows: 9)] {
      let rule = UpdaterTests.rule(clipNorm: clip, penalty: 0.001)
      let one = try UpdaterTests.trained(
        test.differentiated, rule, shardRows: 2, threads: 1, steps: 7)
      for threads in [2, 3, 8] {
        let other = try UpdaterTests.trained(
          test.differentiated, rule, shardRows: 2, threads: threads, steps: 7)
        for (name, values) in one {
          #expect(bitDifference(other[name] ?? [], values, "\(name), \(threads)") == nil)
        }
      }
    }
  }

  @Test private func `an optimizer's state may be read and put back`() throws {
    let test = UpdaterTests.network(rows: 4).differentiated
    let plan = Plan(test.graph)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    /// Two steps; in between everything moves into new objects where asked for.
    func parameters(isMoved: Bool) throws -> [Tensor] {
      var store = ParameterStore(plan.parameters)
      fill(store, from: test)
      let pool = WorkerPool(threads: 1)
      var executor = Executor(plan, parameters: store, shardRows: 2, pool: pool)
      var updater = Updater(store: store, rule: UpdaterTests.rule(clipNorm: nil), pool: pool)
      for step in 0..<2 {
        if step == 1, isMoved {
          let next = ParameterStore(plan.parameters)
          for entry in plan.parameters.entries { next.set(entry, store.tensor(entry)) }
          let state = updater.tensors
          store = next
          executor = Executor(plan, parameters: store, shardRows: 2, pool: pool)
          updater = Updater(store: store, rule: UpdaterTests.rule(clipNorm: nil), pool: pool)
          #expect(
            state.map(\.name)
              == plan.parameters.entries.filter(\.isUpdated).map { "\($0.parameter.name).velocity" }
          )
          #expect(
            updater.restore(Dictionary(uniqueKeysWithValues: state.map { ($0.name, $0.tensor) })))
        }
        try run(executor, memory.table, Array(0..<4), step: step)
        try updater.update(executor, scalars: [[0.1]])
      }
      return store.tensors.map(\.tensor)
    }
    #expect(try parameters(isMoved: true) == parameters(isMoved: false))
  }
}
