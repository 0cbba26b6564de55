import NNEngine
import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

/// Updates that need whole tensors: gradients of length one, with a state of another shape.
@Suite struct TensorUpdateTests {
  /// w ← w − rate · g / ‖g‖; keeps the sums of each row's squares.
  private static func program(_ shape: Shape, isClipped: Bool) -> TensorProgram {
    let axes = Array(1..<max(shape.rank, 1))
    let kept = Shape(Array(shape.sizes.prefix(1)))
    return TensorProgram(arrays: [shape, shape, kept], scalars: isClipped ? 2 : 1) { a, s, g in
      let gradient = isClipped ? .value(a[1]) * .value(s[1]) : Expression.value(a[1])
      let squares = g.elementwise(square(gradient))
      let rows = g.make(ReduceSum(axes: axes, rank: shape.rank, overBatch: false), squares)
      let total = g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), rows)
      let step = Expression.value(s[0]) * gradient / sqrt(.value(total))
      return [
        (0, g.elementwise(.value(a[0]) - step)),
        (2, g.elementwise(.value(a[2]) + .value(rows))),
      ]
    }
  }

  private static func rule(
    _ test: GraphCase, clipNorm: Double? = nil, isJoined: Bool = false
  ) -> UpdateRule {
    let layout = Plan(test.graph).parameters
    let programs = layout.entries.enumerated().filter(\.element.isUpdated).map { index, entry in
      (index, program(entry.shape, isClipped: clipNorm != nil))
    }
    let form: UpdateRule.Method.Form =
      isJoined
      ? .joined(program([layout.count], isClipped: clipNorm != nil))
      : .tensor(Dictionary(uniqueKeysWithValues: programs))
    var rule = UpdateRule(
      methods: [
        .init(form, scalarCount: 1) { shape in
          [.init("squares", Shape(Array(shape.sizes.prefix(1))), filledWith: 1)]
        }
      ], methodOfEntry: [])
    rule.clipNorm = clipNorm
    return rule
  }

  /// The gradients of the first step, in double precision.
  private func gradients(_ test: GraphCase) -> [Value: [Double]] {
    let values = evaluateReference(test)
    return Dictionary(
      uniqueKeysWithValues: test.graph.gradients.map { entry in
        (entry.parameter, values[entry.gradient]?.values ?? [])
      })
  }

  @Test(arguments: [false, true], [nil, 0.05])
  private func `a step over whole tensors is the plain computation`(
    _ isJoined: Bool, _ clipNorm: Double?
  ) throws {
    let test = UpdaterTests.network(rows: 6).differentiated
    let gradients = gradients(test)
    func norm(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let all = norm(gradients.values.flatMap { $0 })
    let rule = TensorUpdateTests.rule(test, clipNorm: clipNorm, isJoined: isJoined)
    for shardRows in [6, 2] {
      let actual = try UpdaterTests.trained(test, rule, shardRows: shardRows, threads: 2, steps: 1)
      for parameter in test.graph.parameters where parameter.isTrained {
        let gradient = try #require(gradients[parameter.value])
        // The length of the gradient does not matter, only what it is divided by.
        let length = isJoined ? all : norm(gradient)
        let expected = zip(try #require(test.data[parameter.value]), gradient).map {
          $0 - 0.1 * $1 / length
        }
        #expect(
          difference(
            (actual[parameter.name] ?? []).map { Double($0) }, expected, tolerance: 1e-6,
            parameter.name) == nil)
      }
    }
  }

  @Test(arguments: [false, true])
  private func `whole tensors train the same on any number of threads`(_ isJoined: Bool) throws {
    for test in [UpdaterTests.network(rows: 9), ExecutorTests.network(rows: 9)] {
      let test = test.differentiated
      var rule = TensorUpdateTests.rule(test, clipNorm: 0.05, isJoined: isJoined)
      for (index, entry) in Plan(test.graph).parameters.entries.enumerated() where entry.isUpdated {
        rule.adaptiveClipping[index] = TensorUpdateTests.halving(entry.shape)
      }
      let one = try UpdaterTests.trained(test, rule, shardRows: 2, threads: 1, steps: 7)
      for threads in [2, 3, 8] {
        let other = try UpdaterTests.trained(test, rule, shardRows: 2, threads: threads, steps: 7)
        for (name, values) in one {
          #expect(bitDifference(other[name] ?? [], values, "\(name), \(threads)") == nil)
        }
      }
    }
  }

  /// Halves a gradient that is longer than its parameter.
  private static func halving(_ shape: Shape) -> TensorProgram {
    TensorProgram(arrays: [shape, shape], scalars: 0) { arrays, _, g in
      let axes = Array(0..<shape.rank)
      let sums = arrays.map { array in
        let squares = g.elementwise(square(.value(array)))
        return g.make(ReduceSum(axes: axes, rank: shape.rank, overBatch: false), squares)
      }
      let isLong = greater(.value(sums[1]), .value(sums[0]))
      return [(1, g.elementwise(.value(arrays[1]) * select(isLong, 0.5, 1)))]
    }
  }

  @Test private func `arrays may take each other's old contents`() throws {
    let test = UpdaterTests.network(rows: 4).differentiated
    let layout = Plan(test.graph).parameters
    // The parameter becomes its gradient, and the state the parameter.
    let programs = layout.entries.enumerated().filter(\.element.isUpdated).map { index, entry in
      let shape = entry.shape
      return (
        index,
        TensorProgram(arrays: [shape, shape, shape], scalars: 0) { arrays, _, _ in
          [(0, arrays[1]), (2, arrays[0])]
        }
      )
    }
    let rule = UpdateRule(
      methods: [
        .init(.tensor(Dictionary(uniqueKeysWithValues: programs)), scalarCount: 0) { shape in
          [.init("old", shape, filledWith: 0)]
        }
      ], methodOfEntry: [])
    let gradients = gradients(test)
    let store = ParameterStore(layout)
    fill(store, from: test)
    let pool = WorkerPool(threads: 1)
    let executor = Executor(Plan(test.graph), parameters: store, shardRows: 2, pool: pool)
    let updater = Updater(store: store, rule: rule, pool: pool)
    let memory = TableMemory(test)
    defer { withExtendedLifetime(memory) {} }
    try run(executor, memory.table, Array(0..<4))
    try updater.update(executor, scalars: [[]])
    let states = Dictionary(uniqueKeysWithValues: updater.tensors.map { ($0.name, $0.tensor) })
    for entry in layout.entries where entry.isUpdated {
      let name = entry.parameter.name
      let (found, old) = (store.tensor(entry).values, try #require(states["\(name).old"]).values)
      #expect(
        difference(
          found.map { Double($0) }, gradients[entry.parameter.value] ?? [], tolerance: 1e-5, name)
          == nil)
      #expect(old == (test.data[entry.parameter.value] ?? []).map { Float($0) })
    }
  }

  @Test private func `batches that are accumulated are one, dropout included`() throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([5]))
    let hidden = g.elementwise(tanh(.value(g.dense(x, "first", units: 7))))
    let test = g.ended(by: g.dense(g.dropout(hidden, "drop"), "second", units: 3), rows: 10)
      .differentiated
    func trained(parts: [Range<Int>]) throws -> [String: [Float]] {
      let plan = Plan(test.graph)
      let store = ParameterStore(plan.parameters)
      fill(store, from: test)
      let pool = WorkerPool(threads: 2)
      let executor = Executor(plan, parameters: store, shardRows: 3, pool: pool)
      let rule = UpdaterTests.rule(clipNorm: 0.05, penalty: 0.01)
      let updater = Updater(store: store, rule: rule, pool: pool, accumulates: parts.count > 1)
      let memory = TableMemory(test)
      defer { withExtendedLifetime(memory) {} }
      for step in 0..<3 {
        for part in parts {
          try run(executor, memory.table, Array(part), step: step, firstRow: part.lowerBound)
          if parts.count > 1 {
            try updater.accumulate(executor, share: Double(part.count) / Double(test.rows))
          }
        }
        try updater.update(executor, scalars: [[0.1]])
      }
      return Dictionary(uniqueKeysWithValues: store.tensors.map { ($0.name, $0.tensor.values) })
    }
    let whole = try trained(parts: [0..<10])
    for (name, values) in try trained(parts: [0..<4, 4..<8, 8..<10]) {
      #expect(
        difference(
          values.map { Double($0) }, (whole[name] ?? []).map { Double($0) }, tolerance: 2e-6, name)
          == nil)
    }
  }

  @Test(arguments: [1, 3])
  private func `a copy follows by a share, and wholly by one`(_ threads: Int) throws {
    let test = UpdaterTests.network(rows: 2).differentiated
    let layout = Plan(test.graph).parameters
    let store = ParameterStore(layout)
    fill(store, from: test)
    let copy = try WeightCopy(of: store, pool: WorkerPool(threads: threads))
    let other = ParameterStore(layout)
    copy.follow(by: 1)
    copy.write(to: other)
    for entry in layout.entries where entry.isUpdated {
      #expect(other.tensor(entry) == store.tensor(entry))
    }
    for entry in layout.entries { store.set(entry, Tensor(entry.shape, filledWith: 2)) }
    copy.follow(by: 0.25)
    copy.write(to: other)
    for entry in layout.entries where entry.isUpdated {
      let expected = (test.data[entry.parameter.value] ?? []).map { $0 + 0.25 * (2 - $0) }
      let found = other.tensor(entry).values.map { Double($0) }
      #expect(difference(found, expected, tolerance: 1e-6, entry.parameter.name) == nil)
    }
  }
}
