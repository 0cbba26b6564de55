import NNGraph
import NNPlan
import NNTensor

/// A batch of a size cut into shards, with everything bound that a step on it needs, so that a
/// step looks nothing up and allocates nothing.
final class Batch {
  let shards: [Shard]
  let blocks: ShardBlocks
  /// Whether it is one shard whose larger ops all workers share.
  let isShared: Bool
  /// By phase.
  let collectives: [[BoundCollective]]
  /// The sum of each block's gradients; empty where there are none.
  let gradients: [UnsafePointer<Float>?]
  /// The first of them, where the sum of all may go.
  let gradientSum: UnsafeMutablePointer<Float>?
  /// Where the first shard leaves the states' next values, and where the states are.
  let stateCopies: [StateCopy]

  /// A collective's part of each shard and the place of its result.
  struct BoundCollective {
    let parts: [UnsafeMutablePointer<Float>]
    let result: UnsafeMutablePointer<Float>
    let count: Int
    let combine: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int) -> Void

    func run() {
      reduceInTree(0..<parts.count) { combine(parts[$0], parts[$1], count) }
      result.update(from: parts[0], count: count)
    }
  }

  struct StateCopy {
    let next: UnsafeMutablePointer<Float>
    let state: UnsafeMutablePointer<Float>
    let count: Int
  }

  init(
    _ shards: [Shard], _ blocks: ShardBlocks, _ plan: Plan,
    gradients: [UnsafeMutablePointer<Float>?]
  ) {
    self.shards = shards
    self.blocks = blocks
    isShared = shards.count == 1 && shards[0].hasTeams
    self.gradients = gradients.compactMap { $0 }.map { UnsafePointer($0) }
    gradientSum = gradients.first ?? nil
    collectives = plan.phases.map { phase in
      phase.collectives.compactMap { node in
        guard let op = node.op as? any CollectiveOp,
          let result = shards.first?.floats(node.outputs[0])
        else { return nil }
        let parts = shards.compactMap { $0.floats(node.inputs[0]) }
        return BoundCollective(
          parts: parts, result: result, count: plan.graph.type(node.outputs[0]).shape.count,
          combine: op.combine)
      }
    }
    stateCopies = plan.graph.stateUpdates.compactMap { update in
      guard let entry = plan.parameters.entry(update.state),
        let next = shards.first?.floats(update.next),
        let state = shards.first?.floats(update.state)
      else { return nil }
      return StateCopy(next: next, state: state, count: entry.shape.count)
    }
  }
}
