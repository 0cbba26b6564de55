import NNGraph
package import NNPlan
import NNTensor

/// The law of memory: whoever reads a value finds what its maker left there.
///
/// The plan is played through with labels in place of numbers: each block of memory carries the
/// value that was last written to it. Returns what does not hold, in words.
package func checkMemory(_ plan: Plan, rows: Int) -> [String] {
  [false, true].flatMap { passesGradients in
    var simulation = MemorySimulation(plan, rows: rows, passesGradients: passesGradients)
    simulation.run()
    return simulation.problems
  }
}

private struct MemorySimulation {
  private enum Area: Hashable {
    case arena(Int)
    case kept(Int)
    case gradient(Int)
    case shared(Int)
  }

  private let plan: Plan
  private let memory: MemoryPlan
  private let rows: Int
  /// What is handed on as soon as it is made; empty where gradients stay.
  private let passed: Set<Value>
  private var labels: [Area: Value] = [:]
  /// For a view the value whose memory it shares.
  private var roots: [Value: Value] = [:]
  private(set) var problems: [String] = []

  private static let block = TensorBuffer.alignment

  init(_ plan: Plan, rows: Int, passesGradients: Bool) {
    self.plan = plan
    self.rows = rows
    passed = passesGradients ? Set(plan.graph.gradients.map(\.gradient)) : []
    memory = MemoryPlan(plan, rows: rows, passesGradients: passesGradients)
  }

  private func root(_ value: Value) -> Value { roots[value] ?? value }

  /// The blocks of a value; none for parameters, which nobody writes.
  private func areas(_ value: Value) -> [Area] {
    let bytes = TensorBuffer.aligned(plan.graph.type(value).byteCount(rows: rows))
    let blocks = stride(from: 0, to: bytes, by: MemorySimulation.block)
    switch memory.places[value.index] {
    case .arena(let offset): return blocks.map { .arena(offset + $0) }
    case .kept(let offset): return blocks.map { .kept(offset + $0) }
    case .gradient(let offset): return blocks.map { .gradient(offset * 4 + $0) }
    case .shared(let offset): return blocks.map { .shared(offset + $0) }
    case .parameter, .narrowParameter, .inverseBatch, nil: return []
    }
  }

  private mutating func write(_ value: Value, _ who: String) {
    if memory.places[value.index] == nil { problems.append("\(who) writes a value without memory") }
    for area in areas(value) {
      if case .arena(let offset) = area, offset + MemorySimulation.block > memory.arenaBytes {
        problems.append("\(who) writes behind the end of the arena")
      }
      labels[area] = root(value)
    }
  }

  private mutating func read(_ value: Value, _ who: String) {
    if memory.places[value.index] == nil { problems.append("\(who) reads a value without memory") }
    for area in areas(value) where labels[area] != root(value) {
      let found = labels[area].map { "value \($0.index)" } ?? "nothing"
      problems.append("\(who) reads value \(value.index) and finds \(found)")
      return
    }
  }

  mutating func run() {
    for input in plan.graph.inputs { write(input.value, input.name) }
    for phase in plan.phases {
      for node in phase.nodes { run(node) }
      for node in phase.collectives {
        for input in node.inputs { read(input, "\(node.op)") }
        // Combining writes into the parts.
        for input in node.inputs { labels = labels.filter { $0.value != root(input) } }
        for output in node.outputs { write(output, "\(node.op)") }
      }
    }
    for output in plan.graph.outputs { read(output.value, "the caller") }
    for update in plan.graph.stateUpdates { read(update.next, "a state") }
    for gradient in plan.graph.gradients where passed.isEmpty {
      read(gradient.gradient, "the updater")
    }
  }

  private mutating func run(_ node: Graph.Node) {
    let who = "\(type(of: node.op))"
    for input in node.inputs { read(input, who) }
    guard node.op.aliases.isEmpty else {
      for (output, source) in node.op.aliases.enumerated() {
        guard let source else { continue }
        roots[node.outputs[output]] = root(node.inputs[source])
        if memory.places[node.outputs[output].index] != memory.places[node.inputs[source].index] {
          problems.append("a view lies elsewhere than what it is a view of")
        }
      }
      return
    }
    for (place, output) in node.outputs.enumerated() { checkOverlaps(of: output, place, node, who) }
    for output in node.outputs { write(output, who) }
    for output in node.outputs where passed.contains(output) { read(output, "the sum") }
  }

  /// An output may lie on an input only where the op allows it and nothing else reads that memory.
  private mutating func checkOverlaps(
    of output: Value, _ place: Int, _ node: Graph.Node, _ who: String
  ) {
    let own = Set(areas(output))
    for other in node.outputs where other != output && !own.isDisjoint(with: areas(other)) {
      problems.append("two outputs of \(who) overlap")
    }
    let hit = node.inputs.indices.filter { !own.isDisjoint(with: areas(node.inputs[$0])) }
    guard let first = hit.first else { return }
    if hit.count > 1 { problems.append("\(who) overwrites what it reads in two ways") }
    if !node.op.inputsSafeToOverwrite(byOutput: place).contains(first) {
      problems.append("\(who) overwrites an input that it still reads")
    }
  }
}
