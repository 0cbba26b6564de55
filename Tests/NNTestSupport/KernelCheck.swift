import NNGraph
import NNPlan

/// The law of kernels: planned, fused, laid out and run in f32, a graph gives what its reference
/// gives in double, in any number of shards and bit for bit on any number of threads.
///
/// Returns what does not hold, in words.
///
/// - shards: rows of a shard, tried one after the other; the whole batch where not given.
package func checkKernels(
  _ test: GraphCase, shards: [Int]? = nil, threads: [Int] = [1, 2, 3], tolerance: Double = 1e-4
) -> [String] {
  var full = test
  if let loss = test.loss {
    full.graph = differentiated(test.graph, loss: loss, isTrained: { _ in true })
  }
  let expected = evaluateReference(full)
  var problems: [String] = []
  for shardRows in shards ?? [test.rows, max((test.rows + 2) / 3, 1)] {
    do {
      let results = try threads.map { count throws(KernelError) in
        try execute(full, shardRows: shardRows, threads: count)
      }
      guard let first = results.first else { continue }
      problems += compared(first, full, expected, tolerance).map { "\(shardRows) rows: \($0)" }
      for (count, other) in zip(threads, results).dropFirst() {
        problems += bitDifferences(first, other).map {
          "\(threads[0]) and \(count) threads, \(shardRows) rows: \($0)"
        }
      }
    } catch {
      problems.append("\(shardRows) rows: \(error.message)")
    }
  }
  return problems
}

private func compared(
  _ result: ExecutionResult, _ test: GraphCase, _ expected: [Value: ReferenceTensor],
  _ tolerance: Double
) -> [String] {
  var problems: [String?] = []
  let batched = test.graph.outputs.filter { test.graph.type($0.value).isBatched }
  for (output, values) in zip(batched, result.outputs) {
    problems.append(
      difference(
        values.map { Double($0) }, expected[output.value]?.values ?? [], tolerance: tolerance,
        output.name))
  }
  if let loss = test.loss {
    problems.append(
      difference([result.loss], expected[loss]?.values ?? [], tolerance: tolerance, "loss"))
  }
  for parameter in test.graph.parameters {
    if let entry = test.graph.gradients.first(where: { $0.parameter == parameter.value }) {
      problems.append(
        difference(
          (result.gradients[parameter.name] ?? []).map { Double($0) },
          expected[entry.gradient]?.values ?? [], tolerance: tolerance,
          "gradient of \(parameter.name)"))
    }
    if let update = test.graph.stateUpdates.first(where: { $0.state == parameter.value }) {
      problems.append(
        difference(
          (result.states[parameter.name] ?? []).map { Double($0) },
          expected[update.next]?.values ?? [], tolerance: tolerance, parameter.name))
    }
  }
  return problems.compactMap { $0 }
}

/// Where two runs differ in any bit.
package func bitDifferences(_ a: ExecutionResult, _ b: ExecutionResult) -> [String] {
  var problems: [String?] = []
  for (index, (x, y)) in zip(a.outputs, b.outputs).enumerated() {
    problems.append(bitDifference(x, y, "output \(index)"))
  }
  if a.loss.bitPattern != b.loss.bitPattern { problems.append("loss: \(a.loss) and \(b.loss)") }
  for name in a.gradients.keys.sorted() {
    problems.append(
      bitDifference(a.gradients[name] ?? [], b.gradients[name] ?? [], "gradient of \(name)"))
  }
  for name in a.states.keys.sorted() {
    problems.append(bitDifference(a.states[name] ?? [], b.states[name] ?? [], name))
  }
  return problems.compactMap { $0 }
}
