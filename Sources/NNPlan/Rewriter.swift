import NNGraph

/// Copies a graph node by node while a pass changes it; remembers what became of each value.
struct Rewriter {
  private(set) var graph: Graph
  private var replacements: [Value: Value] = [:]

  /// Starts with the sources of a graph and none of its nodes.
  init(from original: Graph) {
    graph = original
    graph.nodes = []
  }

  /// What a value of the original has become.
  func current(_ value: Value) -> Value { replacements[value] ?? value }

  mutating func replace(_ value: Value, by other: Value) {
    replacements[value] = other
  }

  /// Appends a node that makes the same values as in the original.
  mutating func append(_ node: Graph.Node) {
    graph.nodes.append(node)
  }

  /// Appends a node with a new output.
  mutating func append(_ op: any Op, _ inputs: [Value], type: ValueType, scope: String) -> Value {
    graph.types.append(type)
    let output = Value(index: graph.types.count - 1)
    graph.nodes.append(.init(op: op, inputs: inputs, outputs: [output], scope: scope))
    return output
  }

  /// The graph with its outputs, gradients and states pointing at what they have become.
  func finished() -> Graph {
    var graph = graph
    graph.outputs = graph.outputs.map { .init(name: $0.name, value: current($0.value)) }
    graph.gradients = graph.gradients.map {
      .init(parameter: $0.parameter, gradient: current($0.gradient))
    }
    graph.stateUpdates = graph.stateUpdates.map {
      .init(state: $0.state, next: current($0.next))
    }
    return graph
  }
}

extension Graph {
  /// What must be there when a run ends.
  var results: [Value] {
    outputs.map(\.value) + gradients.map(\.gradient) + stateUpdates.map(\.next)
  }

  /// How many nodes and results read each value.
  var useCounts: [Int] {
    var counts = [Int](repeating: 0, count: types.count)
    for node in nodes { for input in node.inputs { counts[input.index] += 1 } }
    for value in results { counts[value.index] += 1 }
    return counts
  }

  /// Without the nodes that nothing needs.
  var withoutDeadNodes: Graph {
    var needed = Set(results)
    var kept: [Node] = []
    for node in nodes.reversed() where node.outputs.contains(where: needed.contains) {
      needed.formUnion(node.inputs)
      kept.append(node)
    }
    var graph = self
    graph.nodes = kept.reversed()
    return graph
  }
}
