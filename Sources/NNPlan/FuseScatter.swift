import NNGraph

/// Adds scattered rows onto the gradient they are summed with, where an embedding's table is another
/// layer's weight too, instead of making a table of zeros for them first.
func withFusedScatter(_ graph: Graph) -> Graph {
  let uses = graph.useCounts
  var producer: [Value: Graph.Node] = [:]
  for node in graph.nodes { for output in node.outputs { producer[output] = node } }
  var rewriter = Rewriter(from: graph)
  for node in graph.nodes {
    guard (node.op as? Binary)?.function == .add,
      graph.type(node.inputs[0]) == graph.type(node.inputs[1]),
      let place = [1, 0].first(where: {
        producer[node.inputs[$0]]?.op is ScatterAdd && uses[node.inputs[$0].index] == 1
      }), let scatter = producer[node.inputs[place]], let op = scatter.op as? ScatterAdd
    else {
      rewriter.append(node)
      continue
    }
    rewriter.append(
      .init(
        op: ScatterAdd(count: op.count, padding: op.padding, addsOnto: true),
        inputs: scatter.inputs + [node.inputs[1 - place]], outputs: node.outputs,
        scope: node.scope))
  }
  return rewriter.finished().withoutDeadNodes
}
