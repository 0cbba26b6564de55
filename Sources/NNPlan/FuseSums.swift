import NNGraph
import NNTensor

/// Sums up channels while an elementwise program makes what is summed: the gradients of biases and
/// gains, and those that flow back through batch statistics. What nobody else reads is then never
/// written.
func withFusedSums(_ laidOut: LaidOutGraph) -> LaidOutGraph {
  var graph = laidOut.graph
  var maker: [Value: Int] = [:]
  for (index, node) in graph.nodes.enumerated() where node.op is ElementwiseProgram {
    for output in node.outputs { maker[output] = index }
  }
  var sums: [Int: [Graph.Node]] = [:]
  var fused: Set<Value> = []
  for node in graph.nodes {
    guard let summed = node.inputs.first, let place = maker[summed],
      sums[place, default: []].count < ElementwiseProgram.maximumSums,
      period(of: node, laidOut) != nil
    else { continue }
    sums[place, default: []].append(node)
    fused.insert(node.outputs[0])
  }
  var readers = graph.useCounts
  for node in sums.values.joined() { readers[node.inputs[0].index] -= 1 }
  var nodes: [Graph.Node] = []
  for (index, node) in graph.nodes.enumerated() where !fused.contains(node.outputs[0]) {
    guard let own = sums[index], let program = node.op as? ElementwiseProgram else {
      nodes.append(node)
      continue
    }
    nodes.append(
      program.summing(own, of: node, isRead: { readers[$0.index] > 0 }) {
        period(of: $0, laidOut) ?? 1
      })
  }
  graph.nodes = nodes
  return LaidOutGraph(graph: graph, layouts: laidOut.layouts)
}

/// How many channels a node sums up, if it is a sum over everything but the channels and these lie
/// side by side in memory.
private func period(of node: Graph.Node, _ laidOut: LaidOutGraph) -> Int? {
  guard let op = node.op as? ReduceSum, op.overBatch else { return nil }
  let type = laidOut.graph.type(node.inputs[0])
  let kept = (0..<op.rank).filter { !op.axes.contains($0) }
  let layout = laidOut.layouts[node.inputs[0].index]
  guard type.isBatched, kept.count == 1, layout.axes(rank: op.rank).last == kept[0] else {
    return nil
  }
  return type.shape[kept[0]]
}

extension ElementwiseProgram {
  /// The node of this program with sums of its outputs as further outputs; outputs that nobody reads
  /// any more become temporaries.
  fileprivate func summing(
    _ sums: [Graph.Node], of node: Graph.Node, isRead: (Value) -> Bool,
    period: (Graph.Node) -> Int
  ) -> Graph.Node {
    var outputs: [Value] = []
    var slots = slots
    for (place, value) in node.outputs.enumerated() {
      guard let slot = self.slots.firstIndex(of: .output(place)) else { continue }
      slots[slot] = isRead(value) ? .output(outputs.count) : .temporary
      if isRead(value) { outputs.append(value) }
    }
    let places = sums.map { sum in
      let place = node.outputs.firstIndex(of: sum.inputs[0]) ?? 0
      return Sum(slot: self.slots.firstIndex(of: .output(place)) ?? 0, period: period(sum))
    }
    return Graph.Node(
      op: ElementwiseProgram(
        slots: slots, steps: steps, type: type, outputCount: outputs.count, sums: places),
      inputs: node.inputs, outputs: outputs + sums.map { $0.outputs[0] }, scope: node.scope)
  }
}
