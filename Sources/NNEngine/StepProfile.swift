package import NNGraph
import NNPlan

/// How long each op of a plan takes, for those who look for what limits a model.
package struct StepProfile: Sendable {
  package struct Entry: Sendable {
    package let node: Graph.Node
    /// The sizes of the operands, the results last.
    package let shapes: String
    package fileprivate(set) var seconds: Double
  }

  package fileprivate(set) var entries: [Entry] = []
  /// How long it takes to gather the rows, and to change those at random that are to be.
  package fileprivate(set) var gathering = 0.0

  fileprivate init(_ plan: Plan) {
    for node in plan.phases.flatMap(\.nodes) where node.op.aliases.isEmpty {
      let shapes = (node.inputs + node.outputs).map { plan.graph.type($0).description }
      entries.append(Entry(node: node, shapes: shapes.joined(separator: " "), seconds: 0))
    }
  }
}

extension Executor {
  /// Runs a batch as ``run(_:rows:step:firstRow:)`` does, shard after shard on the calling thread,
  /// and tells what each op took of it.
  package func profiled(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int
  ) throws(KernelError) -> StepProfile {
    var profile = StepProfile(plan)
    try runInTurn(table, rows: rows, step: step) { op, _, _, body in
      let duration = ContinuousClock().measure(body).components
      let seconds = Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
      if let op { profile.entries[op].seconds += seconds } else { profile.gathering += seconds }
    }
    return profile
  }
}
