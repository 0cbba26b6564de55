// A kernel in parts that several threads run at once, for batches that are a single shard.
import CKernels
import NNTensor

extension Op {
  package func kernels(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel] {
    try kernelsBySamples(site, parts: parts)
  }

  /// A part for some of the samples each; one kernel for what is not made sample by sample.
  func kernelsBySamples(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel] {
    let isBySample = site.outputs.allSatisfy(\.type.isBatched) && !(self is any WholeBatchOp)
    guard isBySample, site.rows > 1, parts > 1 else { return [try kernel(site)] }
    var result: [Kernel] = []
    for range in stretches(of: site.rows, parts: parts) {
      let kernel = try kernel(site.samples(range))
      result.append(
        Kernel { position in
          var position = position
          position.first_row += UInt64(range.lowerBound)
          kernel.run(position)
        })
    }
    return result
  }
}

/// A range cut into stretches of about the same length, none of them empty.
func stretches(of count: Int, parts: Int) -> [Range<Int>] {
  let parts = max(1, min(parts, count))
  return (0..<parts).map { count * $0 / parts..<count * ($0 + 1) / parts }
}

extension KernelSite {
  /// The site of some of its samples.
  fileprivate func samples(_ range: Range<Int>) -> KernelSite {
    func cut(_ operand: Operand) -> Operand {
      guard operand.type.isBatched else { return operand }
      return Operand(
        pointer: operand.pointer + range.lowerBound * operand.type.byteCount(rows: 1),
        type: operand.type, layout: operand.layout, rows: range.count)
    }
    return KernelSite(inputs: inputs.map(cut), outputs: outputs.map(cut), rows: range.count)
  }
}
