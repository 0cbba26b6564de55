import NNGraph

/// A graph with a memory order for each value and reorders where orders meet.
struct LaidOutGraph {
  var graph: Graph
  var layouts: [Layout]
}

/// Lets images live channels last along chains of convolutions, pooling and elementwise work, and
/// puts reorders only at the ends.
func laidOut(_ graph: Graph) -> LaidOutGraph {
  var pass = LayoutPass(graph)
  for node in graph.nodes { pass.visit(node) }
  return pass.finished()
}

private struct LayoutPass {
  private var rewriter: Rewriter
  /// Of each value made so far; plain unless said otherwise.
  private var layouts: [Value: Layout] = [:]
  private var versions: [Version: Value] = [:]
  /// Nodes that can make their output in either order, by output.
  private var flexible: [Value: Graph.Node] = [:]

  private struct Version: Hashable {
    let value: Value
    let layout: Layout
  }

  init(_ graph: Graph) {
    rewriter = Rewriter(from: graph)
  }

  mutating func visit(_ node: Graph.Node) {
    switch node.op.layout {
    case .anyOutput:
      // Made when somebody asks, in the order that is asked for.
      flexible[node.outputs[0]] = node
    case .anyInput:
      append(node, inputs: node.inputs.map { existing($0) }, layout: .plain)
    case .likeFirst:
      let inputs = node.inputs.map { existing($0) }
      append(node, inputs: inputs, layout: layouts[inputs[0], default: .plain])
    case .plain:
      append(node, inputs: node.inputs.map { version(of: $0, .plain) }, layout: .plain)
    case .channelsLast:
      append(
        node, inputs: node.inputs.map { version(of: $0, .channelsLast) }, layout: .channelsLast)
    case .same:
      let decided = node.inputs.filter { flexible[$0] == nil }
      let layout: Layout =
        decided.contains { layouts[$0] == .channelsLast } ? .channelsLast : .plain
      append(node, inputs: node.inputs.map { version(of: $0, layout) }, layout: layout)
    }
  }

  private mutating func append(_ node: Graph.Node, inputs: [Value], layout: Layout) {
    rewriter.append(
      .init(op: node.op, inputs: inputs, outputs: node.outputs, scope: node.scope))
    for output in node.outputs where rewriter.graph.type(output).isImage {
      layouts[output] = layout
    }
  }

  /// A value in whatever order it has.
  private mutating func existing(_ value: Value) -> Value {
    flexible[value] == nil ? value : version(of: value, .plain)
  }

  /// A value in an order, made if need be.
  private mutating func version(of value: Value, _ wanted: Layout) -> Value {
    let type = rewriter.graph.type(value)
    let layout = type.isImage ? wanted : .plain
    let key = Version(value: value, layout: layout)
    if let made = versions[key] { return made }
    let result: Value
    if let node = flexible[value] {
      let inputs = node.inputs.map { version(of: $0, .plain) }
      result = rewriter.append(node.op, inputs, type: type, scope: node.scope)
    } else if layouts[value, default: .plain] == layout {
      return value
    } else {
      result = rewriter.append(Reorder(to: layout), [value], type: type, scope: "")
    }
    if type.isImage { layouts[result] = layout }
    versions[key] = result
    return result
  }

  mutating func finished() -> LaidOutGraph {
    // Whoever reads results wants them plain.
    for value in rewriter.graph.results { rewriter.replace(value, by: version(of: value, .plain)) }
    let graph = rewriter.finished().withoutDeadNodes
    return LaidOutGraph(
      graph: graph,
      layouts: graph.types.indices.map { layouts[Value(index: $0), default: .plain] })
  }
}
