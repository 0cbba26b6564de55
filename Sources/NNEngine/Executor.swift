import CKernels
package import NNGraph
package import NNPlan
import NNTensor

/// Runs a plan on batches: cuts each into shards, has the workers run them, combines what needs
/// the whole batch.
package final class Executor {
  package let plan: Plan
  package let pool: WorkerPool
  /// Samples in a full shard; with the batch it decides the shards, whatever the machine.
  package let shardRows: Int
  private let parameterStore: ParameterStore
  private let shared: TensorBuffer
  private let inverseBatch: TensorBuffer
  private var shards: [ShardKey: Shard] = [:]
  private var memoryPlans: [Int: MemoryPlan] = [:]
  /// The shards of the batch that ran last.
  private var current: [Shard] = []

  private struct ShardKey: Hashable {
    let index: Int
    let rows: Int
  }

  package init(_ plan: Plan, parameters: ParameterStore, shardRows: Int, pool: WorkerPool) {
    self.plan = plan
    self.pool = pool
    self.shardRows = shardRows
    parameterStore = parameters
    shared = TensorBuffer(byteCount: MemoryPlan(plan, rows: shardRows).sharedBytes)
    inverseBatch = TensorBuffer(elementCount: 1)
  }

  /// Runs all phases on the rows of a table that the indices name.
  package func run(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int
  ) throws(KernelError) {
    try prepare(count: rows.count)
    inverseBatch.floats().pointee = 1 / Float(rows.count)
    for phase in plan.phases.indices {
      forEachShard { index, shard in
        let first = index * shardRows
        if phase == 0 { gather(table, rows, first, into: shard) }
        shard.run(
          phase: phase, RunPosition(step: UInt64(step), first_row: UInt64(first)))
      }
      for node in plan.phases[phase].collectives { combine(node) }
    }
  }

  /// Makes the shards of a batch of a size, if they have not been made.
  package func prepare(count: Int) throws(KernelError) {
    var batch: [Shard] = []
    for (index, first) in stride(from: 0, to: count, by: shardRows).enumerated() {
      let key = ShardKey(index: index, rows: min(shardRows, count - first))
      if let shard = shards[key] {
        batch.append(shard)
        continue
      }
      let memory = memoryPlans[key.rows] ?? MemoryPlan(plan, rows: key.rows)
      memoryPlans[key.rows] = memory
      let shard = try Shard(
        plan, memory,
        SharedMemory(
          parameters: parameterStore.buffer.base, shared: shared.base,
          inverseBatch: inverseBatch.base))
      shards[key] = shard
      batch.append(shard)
    }
    current = batch
  }

  private func forEachShard(_ body: (Int, Shard) -> Void) {
    guard current.count > 1, pool.count > 1 else {
      for (index, shard) in current.enumerated() { body(index, shard) }
      return
    }
    pool.run { worker in
      for index in stride(from: worker, to: current.count, by: pool.count) {
        body(index, current[index])
      }
    }
  }

  private func gather(
    _ table: BatchTable, _ rows: UnsafeBufferPointer<Int>, _ first: Int, into shard: Shard
  ) {
    for (column, input) in zip(table.columns, shard.inputs) {
      for row in 0..<shard.rows {
        (input.pointer + row * input.rowBytes).copyMemory(
          from: column + rows[first + row] * input.rowBytes, byteCount: input.rowBytes)
      }
    }
  }

  private func combine(_ node: Graph.Node) {
    guard let op = node.op as? any CollectiveOp, let first = current.first,
      let result = first.floats(node.outputs[0])
    else { return }
    let count = plan.graph.type(node.outputs[0]).shape.count
    reduceInTree(0..<current.count) { into, from in
      guard let left = current[into].floats(node.inputs[0]),
        let right = current[from].floats(node.inputs[0])
      else { return }
      op.combine(left, right, count)
    }
    if let sum = first.floats(node.inputs[0]) { result.update(from: sum, count: count) }
  }

  // MARK: Reading results

  /// The sum over the shards of a number that each holds a part of.
  package func total(_ value: Value) -> Double {
    var parts = current.map { Double($0.floats(value)?.pointee ?? 0) }
    reduceInTree(0..<parts.count) { parts[$0] += parts[$1] }
    return parts.first ?? 0
  }

  /// Calls `body` with each shard's part of a batched value, in the order of the samples.
  package func forEachPart(
    _ value: Value, _ body: (_ first: Int, _ part: UnsafeBufferPointer<Float>) -> Void
  ) {
    let size = plan.graph.type(value).shape.count
    for (index, shard) in current.enumerated() {
      guard let pointer = shard.floats(value) else { continue }
      body(
        index * shardRows, UnsafeBufferPointer(start: pointer, count: size * shard.rows))
    }
  }

  /// The gradients of the batch that ran last, one buffer for each shard.
  var gradients: [UnsafeMutablePointer<Float>] { current.map(\.gradients) }

  /// Gives states such as running statistics their next values.
  package func updateStates() {
    guard let shard = current.first else { return }
    for update in plan.graph.stateUpdates {
      guard let entry = plan.parameters.entry(update.state), let next = shard.floats(update.next)
      else { continue }
      parameterStore.floats(entry).update(from: next, count: entry.shape.count)
    }
  }
}

/// Prepared data that batches are gathered from: for each graph input the first row's address.
///
/// The memory belongs to the caller, who keeps it for as long as the table is used.
package struct BatchTable {
  package let columns: [UnsafeRawPointer]

  package init(columns: [UnsafeRawPointer]) {
    self.columns = columns
  }
}
