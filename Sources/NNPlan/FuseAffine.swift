package import NNGraph
import NNTensor

/// Draws a bias and a rectifier into the matrix product or convolution before them, so that the
/// result is written once.
///
/// The rectifier goes in only where nobody needs the value before it; its gradient reads the
/// value behind it.
func withFusedAffine(_ graph: Graph) -> Graph {
  let uses = graph.useCounts
  var producer: [Value: Graph.Node] = [:]
  for node in graph.nodes { for output in node.outputs { producer[output] = node } }

  /// The product and the bias that a sum consists of, where it is such a sum.
  func biased(_ node: Graph.Node) -> (product: Graph.Node, bias: Value)? {
    guard (node.op as? Binary)?.function == .add else { return nil }
    for (x, b) in [(0, 1), (1, 0)] {
      guard let product = producer[node.inputs[x]], uses[node.inputs[x].index] == 1,
        product.op is Linear || product.op is Convolution, product.inputs.count == 2,
        let repeated = producer[node.inputs[b]], let broadcast = repeated.op as? Broadcast,
        !graph.type(repeated.inputs[0]).isBatched, graph.type(repeated.inputs[0]).shape.rank == 1
      else { continue }
      let rank = broadcast.shape.rank
      guard broadcast.axes == [product.op is Convolution ? 0 : rank - 1] else { continue }
      return (product, repeated.inputs[0])
    }
    return nil
  }

  // The products stand before their sums, so which ones go is known only after a first look.
  var sums: [Value: (product: Graph.Node, bias: Value)] = [:]
  var absorbed: Set<Value> = []
  for node in graph.nodes {
    guard let sum = biased(node) else { continue }
    sums[node.outputs[0]] = sum
    absorbed.insert(sum.product.outputs[0])
  }
  var rectified: Set<Value> = []
  for node in graph.nodes where (node.op as? Unary)?.function == .relu {
    guard sums[node.inputs[0]] != nil, uses[node.inputs[0].index] == 1 else { continue }
    rectified.insert(node.inputs[0])
  }

  var rewriter = Rewriter(from: graph)
  for node in graph.nodes where !absorbed.contains(node.outputs[0]) {
    if rectified.contains(node.outputs[0]) { continue }
    let isRectifier = (node.op as? Unary)?.function == .relu && rectified.contains(node.inputs[0])
    guard let sum = sums[isRectifier ? node.inputs[0] : node.outputs[0]] else {
      rewriter.append(node)
      continue
    }
    rewriter.append(
      .init(
        op: fused(sum.product.op, rectifies: isRectifier),
        inputs: sum.product.inputs + [sum.bias], outputs: node.outputs, scope: node.scope))
  }
  return rewriter.finished()
}

private func fused(_ op: any Op, rectifies: Bool) -> any Op {
  if let op = op as? Convolution {
    return Convolution(op.geometry, groups: op.groups, hasBias: true, rectifies: rectifies)
  }
  return Linear(
    weightIsOutIn: (op as? Linear)?.weightIsOutIn ?? true, hasBias: true, rectifies: rectifies)
}

/// Replaces the pick of a target's log-softmax by one op that never makes the row of logarithms.
///
/// Must run before differentiation, so that the gradient is the short one too.
package func withFusedCrossEntropy(_ graph: Graph) -> Graph {
  let uses = graph.useCounts
  var producer: [Value: Graph.Node] = [:]
  for node in graph.nodes { for output in node.outputs { producer[output] = node } }
  var rewriter = Rewriter(from: graph)
  for node in graph.nodes {
    guard (node.op as? Unary)?.function == .negate, let pick = producer[node.inputs[0]],
      pick.op is Pick, uses[node.inputs[0].index] == 1, let logs = producer[pick.inputs[0]],
      (logs.op as? Softmax)?.isLogarithm == true
    else {
      rewriter.append(node)
      continue
    }
    rewriter.append(
      .init(
        op: SoftmaxCrossEntropy(), inputs: [logs.inputs[0], pick.inputs[1]],
        outputs: node.outputs, scope: node.scope))
  }
  return rewriter.finished().withoutDeadNodes
}
