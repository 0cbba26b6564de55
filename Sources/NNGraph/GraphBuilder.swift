package import NNTensor

/// Builds a graph op by op. Equal ops on equal values are made once.
package struct GraphBuilder: Sendable {
  /// Whether the graph is for training; dropout and batch norm differ.
  package let isTraining: Bool
  package private(set) var graph: Graph
  /// The layer that nodes are made for.
  package var scope = ""
  private var made: [NodeKey: [Value]] = [:]

  package init(isTraining: Bool) {
    self.isTraining = isTraining
    graph = Graph()
  }

  /// Goes on from a graph, as differentiation does.
  package init(extending graph: Graph) {
    isTraining = true
    self.graph = graph
    for node in graph.nodes {
      made[NodeKey(op: AnyHashable(node.op), inputs: node.inputs)] = node.outputs
    }
  }

  private struct NodeKey: Hashable, @unchecked Sendable {
    let op: AnyHashable
    let inputs: [Value]
  }

  package func type(_ value: Value) -> ValueType { graph.type(value) }

  package func shape(_ value: Value) -> Shape { graph.type(value).shape }

  // MARK: Sources

  package mutating func input(_ name: String, _ type: ValueType) -> Value {
    let value = newValue(type)
    graph.inputs.append(.init(name: name, value: value))
    return value
  }

  package mutating func parameter(
    _ name: String, _ shape: Shape, role: ParameterRole, isTrained: Bool = true,
    initializer: any ParameterInitializer
  ) -> Value {
    let value = newValue(.single(shape))
    graph.parameters.append(
      .init(
        name: name, value: value, isTrained: isTrained && role != .state, role: role,
        initializer: initializer))
    return value
  }

  /// One over the number of samples in the whole batch.
  package mutating func inverseBatch() -> Value {
    if let value = graph.inverseBatch { return value }
    let value = newValue(.single(.scalar))
    graph.inverseBatch = value
    return value
  }

  package mutating func update(_ state: Value, to next: Value) {
    graph.stateUpdates.append(.init(state: state, next: next))
  }

  package mutating func output(_ name: String, _ value: Value) {
    graph.outputs.append(.init(name: name, value: value))
  }

  package mutating func setGradients(_ gradients: [Graph.Gradient]) {
    graph.gradients = gradients
  }

  // MARK: Nodes

  /// Adds an op; throws what its shape rule says.
  package mutating func add(_ op: some Op, _ inputs: [Value]) throws(ShapeError) -> [Value] {
    let key = NodeKey(op: AnyHashable(op), inputs: inputs)
    if let outputs = made[key] { return outputs }
    let types = try op.outputTypes(inputs.map { graph.type($0) })
    let outputs = types.map { newValue($0) }
    graph.nodes.append(.init(op: op, inputs: inputs, outputs: outputs, scope: scope))
    made[key] = outputs
    return outputs
  }

  /// Adds an op with one output.
  package mutating func apply(_ op: some Op, _ inputs: Value...) throws(ShapeError) -> Value {
    try add(op, inputs)[0]
  }

  /// Adds an op whose shapes the caller has made right; a mistake is one of the program.
  package mutating func make(_ op: some Op, _ inputs: Value...) -> Value {
    makeAll(op, inputs)[0]
  }

  package mutating func makeAll(_ op: some Op, _ inputs: [Value]) -> [Value] {
    do {
      return try add(op, inputs)
    } catch {
      preconditionFailure("\(op): \(error.message)")
    }
  }

  private mutating func newValue(_ type: ValueType) -> Value {
    graph.types.append(type)
    return Value(index: graph.types.count - 1)
  }
}
