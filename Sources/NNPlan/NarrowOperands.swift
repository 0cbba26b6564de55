import NNGraph

/// Lets products read their operands in bf16: each operand is rounded once, for all that read it.
///
/// It works on values that have their memory order already, so that nothing else but products meets
/// one in bf16.
func withNarrowedOperands(_ laidOut: LaidOutGraph) -> LaidOutGraph {
  var result = laidOut
  result.graph.nodes = []
  var narrowed: [Value: Value] = [:]

  func narrow(_ value: Value, scope: String) -> Value {
    if let made = narrowed[value] { return made }
    result.graph.types.append(laidOut.graph.type(value).narrowed)
    result.layouts.append(laidOut.layouts[value.index])
    let copy = Value(index: result.graph.types.count - 1)
    result.graph.nodes.append(.init(op: Cast(), inputs: [value], outputs: [copy], scope: scope))
    narrowed[value] = copy
    return copy
  }

  for node in laidOut.graph.nodes {
    var inputs = node.inputs
    if let op = node.op as? any NarrowableOp {
      let types = inputs.map(laidOut.graph.type)
      for place in op.narrowedInputs(types, node.outputs.map(laidOut.graph.type)) {
        inputs[place] = narrow(inputs[place], scope: node.scope)
      }
    }
    result.graph.nodes.append(
      .init(op: node.op, inputs: inputs, outputs: node.outputs, scope: node.scope))
  }
  return result
}

extension Graph {
  /// Whether a node rounds a parameter.
  func isPrologue(_ node: Node) -> Bool {
    node.op is Cast && parameters.contains { $0.value == node.inputs[0] }
  }
}
