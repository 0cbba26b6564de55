package import NNGraph
package import NNTensor

/// A graph made ready to run: fused, laid out, cut into phases at the ops that need the whole
/// batch. How many samples a shard has is still open.
package struct Plan: Sendable {
  package struct Phase: Sendable {
    /// What every shard runs, in order.
    package let nodes: [Graph.Node]
    /// What is combined over the shards when all have run it.
    package let collectives: [Graph.Node]
  }

  package let graph: Graph
  package let layouts: [Layout]
  package let phases: [Phase]
  /// What rounds parameters to bf16. All shards would do the same, so they find it done.
  package let prologue: [Graph.Node]

  /// Bytes of the parameters' copy in bf16, where some are read so.
  package var narrowBytes: Int {
    prologue.isEmpty ? 0 : parameters.count * DataType.bfloat16.byteCount
  }

  /// Where in one flat buffer each parameter lies.
  package let parameters: ParameterLayout

  /// The outputs of the graph the plan was made from, in the order of the plan's.
  private let originalOutputs: [Value]

  /// - Parameters:
  ///   - graph: differentiated where it is to be trained.
  ///   - operands: what large products read, float32 or bfloat16; all else is float32.
  package init(_ graph: Graph, operands: DataType = .float32) {
    var laidOut = laidOut(withFusedAffine(withFusedScatter(graph.withoutDeadNodes)))
    if operands == .bfloat16 { laidOut = withNarrowedOperands(laidOut) }
    let fused = withFusedElementwise(laidOut)
    let placed = withOwnMemory(withFusedSums(fused))
    self.graph = placed.graph
    layouts = placed.layouts
    prologue = placed.graph.nodes.filter(placed.graph.isPrologue)
    phases = cutIntoPhases(placed.graph)
    parameters = ParameterLayout(graph)
    originalOutputs = graph.outputs.map(\.value)
  }

  /// Where the plan has an output of the graph it was made from; nil for other values, which may
  /// be fused away.
  package func output(_ value: Value) -> Value? {
    originalOutputs.firstIndex(of: value).map { self.graph.outputs[$0].value }
  }

  /// Whether all shards wait for each other in the middle of a run, and so need memory of their own;
  /// otherwise those that a worker runs one after the other share one.
  package var shardsWait: Bool { phases.count > 1 }

  /// The arithmetic of all shards' nodes for so many samples.
  package func cost(rows: Int) -> Cost { graph.cost(rows: rows) }
}

/// Cuts the nodes into phases: a node runs as early as the collectives it depends on allow.
private func cutIntoPhases(_ graph: Graph) -> [Plan.Phase] {
  var level: [Value: Int] = [:]
  var nodes: [[Graph.Node]] = [[]]
  var collectives: [[Graph.Node]] = [[]]
  for node in graph.nodes where !graph.isPrologue(node) {
    let own = node.inputs.map { level[$0, default: 0] }.max() ?? 0
    while nodes.count <= own {
      nodes.append([])
      collectives.append([])
    }
    let isCollective = node.op is any CollectiveOp
    if isCollective { collectives[own].append(node) } else { nodes[own].append(node) }
    for output in node.outputs { level[output] = isCollective ? own + 1 : own }
  }
  return zip(nodes, collectives).map { Plan.Phase(nodes: $0, collectives: $1) }
}

/// Gives each parameter a gradient, and each collective a part, that a node of its own writes.
///
/// Gradients have their own place in memory, and combining shards writes into their parts. So what
/// is the same value as another's, a view, or read by others too, is copied. Where shards wait for
/// each other, that is true of gradients as well: other shards' may be added before they are read.
private func withOwnMemory(_ laidOut: LaidOutGraph) -> LaidOutGraph {
  var graph = laidOut.graph
  var layouts = laidOut.layouts
  let uses = graph.useCounts
  var writable: Set<Value> = []
  for node in graph.nodes where node.op.aliases.isEmpty && !(node.op is any CollectiveOp) {
    writable.formUnion(node.outputs)
  }

  func copied(_ value: Value, scope: String) -> Value {
    let type = graph.type(value)
    graph.types.append(type)
    layouts.append(.plain)
    let copy = Value(index: graph.types.count - 1)
    let program = ElementwiseProgram(
      slots: [.input(0, .same), .output(0)],
      steps: [.init(.unary(.copy), result: 1, operands: [0])], type: type, outputCount: 1)
    graph.nodes.append(.init(op: program, inputs: [value], outputs: [copy], scope: scope))
    return copy
  }

  graph.nodes = []
  for node in laidOut.graph.nodes {
    guard node.op is any CollectiveOp else {
      graph.nodes.append(node)
      continue
    }
    let parts = node.inputs.map { part in
      uses[part.index] == 1 && writable.contains(part) ? part : copied(part, scope: node.scope)
    }
    graph.nodes.append(
      .init(op: node.op, inputs: parts, outputs: node.outputs, scope: node.scope))
  }
  let shardsWait = graph.nodes.contains { $0.op is any CollectiveOp }
  graph.gradients = graph.gradients.map { entry in
    let isRead = shardsWait && uses[entry.gradient.index] > 1
    return writable.remove(entry.gradient) != nil && !isRead
      ? entry
      : .init(parameter: entry.parameter, gradient: copied(entry.gradient, scope: ""))
  }
  return LaidOutGraph(graph: graph, layouts: layouts)
}

/// Parameters and states one behind the other in a flat buffer, in the order of the model;
/// gradients and an optimizer's state have the same layout, so that one pass updates everything.
package struct ParameterLayout: Sendable {
  package struct Entry: Sendable {
    package let parameter: Graph.Parameter
    package let shape: Shape
    /// The first element's place in the buffer.
    package let offset: Int
    /// Whether the optimizer updates it: it is trained and not frozen.
    package let isUpdated: Bool
  }

  package let entries: [Entry]
  /// Elements in the buffer.
  package let count: Int

  init(_ graph: Graph) {
    var entries: [Entry] = []
    var offset = 0
    let updated = Set(graph.gradients.map(\.parameter))
    for parameter in graph.parameters {
      let shape = graph.type(parameter.value).shape
      entries.append(
        Entry(
          parameter: parameter, shape: shape, offset: offset,
          isUpdated: updated.contains(parameter.value)))
      offset += TensorBuffer.aligned(shape.count * 4) / 4
    }
    self.entries = entries
    count = offset
  }

  package func entry(_ value: Value) -> Entry? { entries.first { $0.parameter.value == value } }
}
