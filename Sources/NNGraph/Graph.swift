package import NNTensor

/// A network as ops on values, in an order in which each op stands after those it needs.
package struct Graph: Sendable {
  package struct Node: Sendable {
    package let op: any Op
    package let inputs: [Value]
    package let outputs: [Value]
    /// The id of the layer the node belongs to; empty for the loss and what surrounds it.
    package let scope: String

    package init(op: any Op, inputs: [Value], outputs: [Value], scope: String) {
      self.op = op
      self.inputs = inputs
      self.outputs = outputs
      self.scope = scope
    }
  }

  /// Data that each batch brings.
  package struct Input: Sendable {
    package let name: String
    package let value: Value
  }

  /// A tensor that lives across steps.
  package struct Parameter: Sendable {
    /// `<layer id>.<parameter>`, as in a checkpoint.
    package let name: String
    package let value: Value
    /// Whether an optimizer changes it. States such as running statistics are changed by
    /// ``StateUpdate`` instead.
    package let isTrained: Bool
    package let role: ParameterRole
    package let initializer: any ParameterInitializer
  }

  /// Gives a state its next value at the end of each step.
  package struct StateUpdate: Sendable {
    package let state: Value
    package let next: Value

    package init(state: Value, next: Value) {
      self.state = state
      self.next = next
    }
  }

  package var nodes: [Node] = []
  package var types: [ValueType] = []
  package var inputs: [Input] = []
  package var parameters: [Parameter] = []
  package var stateUpdates: [StateUpdate] = []
  /// One over the number of samples in the whole batch, given at run time.
  package var inverseBatch: Value?
  /// What a caller reads afterwards.
  package var outputs: [Output] = []
  /// The gradient of each trained parameter, after differentiation.
  package var gradients: [Gradient] = []

  package struct Output: Sendable {
    package let name: String
    package let value: Value

    package init(name: String, value: Value) {
      self.name = name
      self.value = value
    }
  }

  package struct Gradient: Sendable {
    package let parameter: Value
    package let gradient: Value

    package init(parameter: Value, gradient: Value) {
      self.parameter = parameter
      self.gradient = gradient
    }
  }

  package init() {}

  package func type(_ value: Value) -> ValueType { types[value.index] }

  /// The arithmetic of one run of all nodes.
  package func cost(rows: Int) -> Cost {
    var total = Cost(operations: 0)
    for node in nodes { total += cost(of: node, rows: rows) }
    return total
  }

  package func cost(of node: Node, rows: Int) -> Cost {
    node.op.costWithBytes(node.inputs.map(type), node.outputs.map(type), rows: rows)
  }
}

extension Op {
  /// The cost with the bytes of all operands where the op does not know better.
  package func costWithBytes(
    _ inputs: [ValueType], _ outputs: [ValueType], rows: Int
  ) -> Cost {
    var cost = cost(inputs, outputs, rows: rows)
    if cost.bytes == 0, aliases.isEmpty {
      cost.bytes = (inputs + outputs).reduce(0) { $0 + $1.count(rows: rows) * 4 }
    }
    return cost
  }
}

/// What a parameter is for; regularisation and reports tell them apart.
package enum ParameterRole: String, Sendable {
  /// A matrix or a filter: the w of w·x + b.
  case weight
  /// The b of w·x + b.
  case bias
  /// A gain of a normalisation.
  case gain
  /// An offset of a normalisation.
  case offset
  /// Running statistics and the like, not trained by an optimizer.
  case state
}

/// Gives a parameter its first values.
package protocol ParameterInitializer: Sendable {
  /// - shape: the parameter's, weights as `[fan_out, fan_in, …]`.
  /// - stream: the parameter's own random numbers.
  func tensor(shape: Shape, stream: RandomStream) -> Tensor
}
