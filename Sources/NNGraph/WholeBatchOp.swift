/// An op whose result for a sample depends on the others of its batch, which it sees only if the
/// batch is one shard.
package protocol WholeBatchOp: Op {}

extension Graph {
  /// Whether all samples of a batch must be in one shard.
  package var needsWholeBatch: Bool { nodes.contains { $0.op is any WholeBatchOp } }
}
