import NNGraph
import NNTensor

/// Where each value lives for shards of a number of samples.
///
/// Values that are never needed at the same time share memory.
package struct MemoryPlan: Sendable {
  package enum Place: Sendable, Hashable {
    /// Bytes into the memory a shard runs in.
    case arena(Int)
    /// Bytes into what a shard leaves behind: outputs and the next values of states.
    case kept(Int)
    /// Elements into the parameters' buffer.
    case parameter(Int)
    /// Elements into the parameters' copy in bf16, laid out as they are.
    case narrowParameter(Int)
    /// Elements into the shard's gradients, laid out as the parameters.
    case gradient(Int)
    /// Bytes into what all shards read: results of collectives.
    case shared(Int)
    /// The one number that says how large the batch is.
    case inverseBatch
  }

  package let rows: Int
  /// By value; nil for values nobody makes any more.
  package let places: [Place?]
  package let arenaBytes: Int
  package let keptBytes: Int
  package let sharedBytes: Int

  /// - passesGradients: whether gradients are handed on as soon as they are made, so that they share
  ///   memory as any other value; else each has its place to stay in.
  package init(_ plan: Plan, rows: Int, passesGradients: Bool = false) {
    var planner = Planner(plan, rows: rows, passesGradients: passesGradients)
    planner.placeEverything()
    self.rows = rows
    places = planner.places
    arenaBytes = planner.arena.size
    keptBytes = planner.keptBytes
    sharedBytes = planner.sharedBytes
  }
}

private struct Planner {
  let plan: Plan
  let rows: Int
  let passesGradients: Bool
  var places: [MemoryPlan.Place?]
  var arena = FreeList()
  var keptBytes = 0
  var sharedBytes = 0
  /// For a view the value whose memory it shares.
  private var roots: [Int]
  /// The last node that reads a root's memory; `Int.max` for what must stay.
  private var lastUse: [Int]

  init(_ plan: Plan, rows: Int, passesGradients: Bool) {
    self.plan = plan
    self.rows = rows
    self.passesGradients = passesGradients
    places = .init(repeating: nil, count: plan.graph.types.count)
    roots = Array(plan.graph.types.indices)
    lastUse = .init(repeating: -1, count: plan.graph.types.count)
  }

  private func bytes(_ value: Int) -> Int {
    TensorBuffer.aligned(plan.graph.types[value].byteCount(rows: rows))
  }

  mutating func placeEverything() {
    let nodes = plan.phases.flatMap(\.nodes)
    placeSources()
    findLifetimes()
    reachBackFromGradients(nodes)
    // Data is gathered before the first node runs.
    for input in plan.graph.inputs { allocate(input.value.index) }
    releaseUnused(plan.graph.inputs.map(\.value))
    for (index, node) in nodes.enumerated() {
      for (output, value) in node.outputs.enumerated()
      where roots[value.index] == value.index && places[value.index] == nil {
        if let donor = donor(for: output, of: node, at: index) {
          places[value.index] = places[donor]
          // The donor's memory lives on as the output's.
          lastUse[donor] = .min
        } else {
          allocate(value.index)
        }
      }
      release(after: index, node)
    }
    for value in roots.indices where roots[value] != value { places[value] = places[roots[value]] }
  }

  private mutating func placeSources() {
    for entry in plan.parameters.entries {
      places[entry.parameter.value.index] = .parameter(entry.offset)
    }
    if let value = plan.graph.inverseBatch { places[value.index] = .inverseBatch }
    for gradient in plan.graph.gradients where !passesGradients {
      guard let entry = plan.parameters.entry(gradient.parameter) else { continue }
      places[gradient.gradient.index] = .gradient(entry.offset)
    }
    for node in plan.prologue {
      guard let entry = plan.parameters.entry(node.inputs[0]) else { continue }
      places[node.outputs[0].index] = .narrowParameter(entry.offset)
    }
    for node in plan.phases.flatMap(\.collectives) {
      for output in node.outputs {
        places[output.index] = .shared(sharedBytes)
        sharedBytes += bytes(output.index)
      }
    }
  }

  private mutating func findLifetimes() {
    var index = 0
    for phase in plan.phases {
      for node in phase.nodes {
        for (output, source) in node.op.aliases.enumerated() {
          if let source { roots[node.outputs[output].index] = roots[node.inputs[source].index] }
        }
        for input in node.inputs { use(input.index, at: index) }
        index += 1
      }
      // A collective reads when the last node of its phase has run.
      for node in phase.collectives {
        for input in node.inputs { use(input.index, at: index) }
      }
    }
    for output in plan.graph.outputs { use(output.value.index, at: .max) }
    for update in plan.graph.stateUpdates { use(update.next.index, at: .max) }
  }

  /// Where the maker of a gradient may write over an input that nobody else reads, the input is made
  /// in the gradient's place, and so on for its maker.
  private mutating func reachBackFromGradients(_ nodes: [Graph.Node]) {
    let made = Set(nodes.flatMap(\.outputs))
    for (index, node) in nodes.enumerated().reversed() {
      for (output, value) in node.outputs.enumerated() {
        guard case .gradient = places[value.index] else { continue }
        let donor = node.op.inputsSafeToOverwrite(byOutput: output).map { node.inputs[$0] }.first {
          input in
          made.contains(input) && places[input.index] == nil && roots[input.index] == input.index
            && lastUse[input.index] == index && bytes(input.index) == bytes(value.index)
            && node.inputs.count { roots[$0.index] == input.index } == 1
        }
        if let donor { places[donor.index] = places[value.index] }
      }
    }
  }

  private mutating func use(_ value: Int, at index: Int) {
    lastUse[roots[value]] = max(lastUse[roots[value]], index)
  }

  /// A dying input whose memory the output may take.
  private func donor(for output: Int, of node: Graph.Node, at index: Int) -> Int? {
    guard !isKept(node.outputs[output].index) else { return nil }
    let size = bytes(node.outputs[output].index)
    for input in node.op.inputsSafeToOverwrite(byOutput: output) {
      let root = roots[node.inputs[input].index]
      // Another operand may be a view of the same memory, and the op does not know.
      let readings = node.inputs.count { roots[$0.index] == root }
      if case .arena = places[root], lastUse[root] == index, bytes(root) == size, readings == 1 {
        return root
      }
    }
    return nil
  }

  /// Whether a value's memory is read after the run.
  private func isKept(_ value: Int) -> Bool { lastUse[roots[value]] == .max }

  private mutating func allocate(_ value: Int) {
    if isKept(value) {
      places[value] = .kept(keptBytes)
      keptBytes += bytes(value)
    } else {
      places[value] = .arena(arena.allocate(bytes(value)))
    }
  }

  private mutating func release(after index: Int, _ node: Graph.Node) {
    for root in Set(node.inputs.map { roots[$0.index] }).sorted() where lastUse[root] == index {
      free(root)
    }
    releaseUnused(node.outputs)
  }

  /// Frees what nothing ever reads.
  private mutating func releaseUnused(_ values: [Value]) {
    for value in values where roots[value.index] == value.index && lastUse[value.index] == -1 {
      free(value.index)
    }
  }

  private mutating func free(_ root: Int) {
    if case .arena(let offset) = places[root] { arena.free(offset, bytes(root)) }
  }
}

/// The free stretches of a memory that grows at its end; takes the smallest that fits.
struct FreeList {
  /// How far the memory reaches.
  private(set) var size = 0
  /// By offset, never touching each other.
  private var holes: [(offset: Int, size: Int)] = []

  mutating func allocate(_ bytes: Int) -> Int {
    let fitting = holes.indices.filter { holes[$0].size >= bytes }
    if let best = fitting.min(by: { holes[$0].size < holes[$1].size }) {
      let offset = holes[best].offset
      holes[best].offset += bytes
      holes[best].size -= bytes
      if holes[best].size == 0 { holes.remove(at: best) }
      return offset
    }
    // A hole at the very end grows by what it lacks.
    if let last = holes.last, last.offset + last.size == size {
      holes.removeLast()
      size = last.offset + bytes
      return last.offset
    }
    size += bytes
    return size - bytes
  }

  mutating func free(_ offset: Int, _ bytes: Int) {
    guard bytes > 0 else { return }
    let place = holes.firstIndex { $0.offset > offset } ?? holes.count
    holes.insert((offset, bytes), at: place)
    if place + 1 < holes.count,
      holes[place].offset + holes[place].size == holes[place + 1].offset
    {
      holes[place].size += holes[place + 1].size
      holes.remove(at: place + 1)
    }
    if place > 0, holes[place - 1].offset + holes[place - 1].size == holes[place].offset {
      holes[place - 1].size += holes[place].size
      holes.remove(at: place)
    }
  }
}
