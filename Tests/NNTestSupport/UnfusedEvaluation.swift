import CKernels
package import NNGraph
import NNTensor

/// Runs a graph node by node in f32, each value in memory of its own: what plans are held against
/// bit for bit. Only for graphs whose images are plain; the batch is one shard, the step 0.
package func evaluateUnfused(_ test: GraphCase) throws(KernelError) -> [Value: [Float]] {
  var memory: [Value: UnsafeMutableRawPointer] = [:]
  defer { for pointer in memory.values { pointer.deallocate() } }
  func operand(_ value: Value) -> Operand {
    let type = test.graph.type(value)
    let pointer =
      memory[value]
      ?? .allocate(byteCount: type.count(rows: test.rows) * 4 + 64, alignment: 64)
    memory[value] = pointer
    return Operand(pointer: pointer, type: type, layout: .plain, rows: test.rows)
  }
  for (value, numbers) in test.data {
    memory[value] = words(numbers, test.graph.type(value).dataType)
  }
  if let inverse = test.graph.inverseBatch {
    memory[inverse] = words([1 / Double(test.rows)], .float32)
  }
  for node in test.graph.nodes {
    let site = KernelSite(
      inputs: node.inputs.map(operand), outputs: node.outputs.map(operand), rows: test.rows)
    if node.op is any CollectiveOp {
      site.outputs[0].pointer.copyMemory(
        from: site.inputs[0].pointer, byteCount: site.inputs[0].count * 4)
      continue
    }
    for (output, source) in node.op.aliases.enumerated() {
      guard let source else { continue }
      site.outputs[output].pointer.copyMemory(
        from: site.inputs[source].pointer, byteCount: site.inputs[source].count * 4)
    }
    if node.op.aliases.isEmpty { try node.op.kernel(site).run(RunPosition()) }
  }
  var results: [Value: [Float]] = [:]
  for value in memory.keys {
    let operand = operand(value)
    results[value] = Array(UnsafeBufferPointer(start: operand.floats, count: operand.count))
  }
  return results
}
