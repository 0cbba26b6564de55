package import NNGraph
import NNPlan

/// An op's kernel in parts, for the only shard of a batch: workers that have no shard take part in it.
///
/// How an op is cut depends on the model and the batch alone, because kernels for other sizes may
/// round otherwise; how many threads run the parts does not matter.
package final class Team: @unchecked Sendable {
  private let parts: [Kernel]

  private init(_ parts: [Kernel]) { self.parts = parts }

  /// Operations, or bytes times four, that are worth two parts: some ten microseconds, beside which
  /// waking a worker is little.
  private static let leastWork = 3_000_000
  /// Of a part where there are more than two; small parts are slower than one large one.
  private static let leastPart = 8_000_000
  private static let mostParts = 8

  /// In how many parts work is cut at most.
  package static func parts(for cost: Cost) -> Int {
    let work = max(cost.operations, 4 * cost.bytes)
    return work < leastWork ? 1 : min(max(work / leastPart, 2), mostParts)
  }

  /// The parts of a node's kernel; nil where it is too little to be shared.
  static func of(_ node: Graph.Node, _ site: KernelSite, _ graph: Graph) throws(KernelError)
    -> Team?
  {
    let parts = parts(for: graph.cost(of: node, rows: site.rows))
    guard parts > 1 else { return nil }
    let kernels = try node.op.kernels(site, parts: parts)
    return kernels.count > 1 ? Team(kernels) : nil
  }

  /// All parts in turn on the calling thread.
  var kernel: Kernel {
    Kernel { [parts] position in
      for part in parts { part.run(position) }
    }
  }

  /// All parts on the threads of a pool.
  func run(_ position: RunPosition, on pool: WorkerPool) {
    parts.withUnsafeBufferPointer { parts in
      var work = Work(parts: parts, position: position)
      pool.deal(parts.count, &work) { Work.at($0).run($1) }
    }
  }

  private struct Work {
    let parts: UnsafeBufferPointer<Kernel>
    let position: RunPosition

    static func at(_ pointer: UnsafeMutableRawPointer) -> Work {
      pointer.assumingMemoryBound(to: Work.self).pointee
    }

    func run(_ index: Int) { parts[index].run(position) }
  }
}
