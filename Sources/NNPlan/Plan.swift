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

  /// Where in one flat buffer each parameter lies.
  package let parameters: ParameterLayout

  /// - Parameter graph: differentiated where it is to be trained.
  package init(_ graph: Graph) {
    let laidOut = laidOut(withFusedAffine(graph.withoutDeadNodes))
    let fused = withFusedElementwise(laidOut)
    let placed = withOwnGradients(fused)
    self.graph = placed.graph
    layouts = placed.layouts
    phases = cutIntoPhases(placed.graph)
    parameters = ParameterLayout(graph)
  }

  /// The arithmetic of all shards' nodes for so many samples.
  package func cost(rows: Int) -> Cost { graph.cost(rows: rows) }
}

/// Cuts the nodes into phases: a node runs as early as the collectives it depends on allow.
private func cutIntoPhases(_ graph: Graph) -> [Plan.Phase] {
  var level: [Value: Int] = [:]
  var nodes: [[Graph.Node]] = [[]]
  var collectives: [[Graph.Node]] = [[]]
  for node in graph.nodes {
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

/// Gives each parameter a gradient that a node of its own writes, because gradients have their
/// own place in memory: two that are the same value, or that are views, are copied.
private func withOwnGradients(_ laidOut: LaidOutGraph) -> LaidOutGraph {
  var graph = laidOut.graph
  var layouts = laidOut.layouts
  var writable: Set<Value> = []
  for node in graph.nodes where node.op.aliases.isEmpty && !(node.op is any CollectiveOp) {
    writable.formUnion(node.outputs)
  }
  graph.gradients = graph.gradients.map { entry in
    if writable.remove(entry.gradient) != nil { return entry }
    let type = graph.type(entry.gradient)
    graph.types.append(type)
    layouts.append(.plain)
    let copy = Value(index: graph.types.count - 1)
    let program = ElementwiseProgram(
      slots: [.input(0, .same), .output(0)],
      steps: [.init(.unary(.copy), result: 1, operands: [0])], type: type, outputCount: 1)
    graph.nodes.append(
      .init(op: program, inputs: [entry.gradient], outputs: [copy], scope: ""))
    return .init(parameter: entry.parameter, gradient: copy)
  }
  return LaidOutGraph(graph: graph, layouts: layouts)
}

/// Trained parameters one behind the other in a flat buffer, states behind them; gradients and an
/// optimizer's state have the same layout, so that one pass updates everything.
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
