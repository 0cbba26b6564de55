package import NNGraph
import NNTensor

/// Runs a graph by the references of its ops, in double precision, the batch as one shard.
///
/// Returns every value of the graph. Random numbers are those of step 0.
package func evaluateReference(_ test: GraphCase) -> [Value: ReferenceTensor] {
  var values: [Value: ReferenceTensor] = [:]
  for (value, numbers) in test.data {
    values[value] = ReferenceTensor(test.graph.type(value), rows: test.rows, numbers)
  }
  if let inverse = test.graph.inverseBatch {
    values[inverse] = ReferenceTensor(
      test.graph.type(inverse), rows: test.rows, [1 / Double(test.rows)])
  }
  for node in test.graph.nodes {
    let inputs = node.inputs.map { input -> ReferenceTensor in
      guard let value = values[input] else {
        preconditionFailure("value \(input.index) is read by \(node.op) before anyone makes it")
      }
      return value
    }
    let results = node.op.reference(inputs, node.outputs.map(test.graph.type), rows: test.rows)
    precondition(results.count == node.outputs.count, "\(node.op) lacks an output")
    for (output, result) in zip(node.outputs, results) {
      precondition(result.type == test.graph.type(output), "\(node.op) gives another type")
      values[output] = result
    }
  }
  return values
}
