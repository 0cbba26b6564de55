package import NNGraph

/// Reverse-mode differentiation: extends a graph by the gradients of a loss with respect to its
/// trained parameters, written as ops.
///
/// - loss: a single number: the loss of this shard's part of the batch.
/// - isTrained: whether a trained parameter gets a gradient.
///
/// Returns the graph with ``Graph/gradients`` set, in the order of the parameters.
package func differentiated(
  _ graph: Graph, loss: Value, isTrained: (Graph.Parameter) -> Bool
) -> Graph {
  var g = GraphBuilder(extending: graph)
  let trained = graph.parameters.filter { $0.isTrained && isTrained($0) }
  let gradients = g.addGradients(of: loss, withRespectTo: trained.map(\.value))
  g.setGradients(
    trained.compactMap { parameter in
      gradients[parameter.value].map { .init(parameter: parameter.value, gradient: $0) }
    })
  return g.graph
}

extension GraphBuilder {
  /// Adds the gradients of a single number with respect to some values, written as ops; values it
  /// does not depend on have none.
  package mutating func addGradients(
    of loss: Value, withRespectTo sources: [Value]
  ) -> [Value: Value] {
    let graph = graph
    let needed = dependents(of: sources, in: graph)
    var gradients: [Value: Value] = [loss: make(Constant(1))]
    for node in graph.nodes.reversed() {
      let incoming = node.outputs.map { gradients[$0] }
      let isNeeded = node.inputs.map { needed.contains($0) }
      guard incoming.contains(where: { $0 != nil }), isNeeded.contains(true) else { continue }
      scope = node.scope
      let site = PullbackSite(
        inputs: node.inputs, outputs: node.outputs, gradients: incoming, isNeeded: isNeeded)
      for (input, part) in zip(node.inputs, node.op.pullback(site, &self)) {
        guard let part, needed.contains(input) else { continue }
        if let sum = gradients[input] {
          gradients[input] = elementwise(.value(sum) + .value(part))
        } else {
          gradients[input] = part
        }
      }
    }
    scope = ""
    return gradients.filter { sources.contains($0.key) }
  }
}

/// The values that depend on any of some others, themselves included.
private func dependents(of sources: [Value], in graph: Graph) -> Set<Value> {
  var result = Set(sources)
  for node in graph.nodes where node.inputs.contains(where: result.contains) {
    result.formUnion(node.outputs)
  }
  return result
}
