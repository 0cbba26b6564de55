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
  private var memoryPlans: [MemoryKey: MemoryPlan] = [:]
  /// By the worker that runs in it, or by the shard where shards wait for each other.
  private var arenas: [ArenaKey: Arena] = [:]
  private let gradientBuffers: GradientBuffers
  /// By how many samples they have; a training meets two, whole batches and what is left.
  private var batches: [Int: Batch] = [:]
  /// The batch that ran last, and how many samples it has.
  private var current: Batch?
  private var currentCount = 0

  private struct ShardKey: Hashable {
    let index: Int
    let rows: Int
    let worker: Int
    let home: ShardBlocks.Home
    let isAlone: Bool
  }

  private struct MemoryKey: Hashable {
    let rows: Int
    let passesGradients: Bool
  }

  private struct ArenaKey: Hashable {
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
    gradientBuffers = GradientBuffers(
      elementCount: plan.graph.gradients.isEmpty ? 0 : plan.parameters.count)
    parameters.keepNarrow(plan.prologue.map { $0.inputs[0] })
  }

  /// Runs all phases on the rows of a table that the indices name.
  ///
  /// - firstRow: how many samples of the step came before, where it takes several batches; random
  ///   numbers count by it.
  package func run(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int, firstRow: Int = 0
  ) throws(KernelError) {
    let batch = try begin(count: rows.count)
    for phase in plan.phases.indices {
      var work = ShardWork(
        executor: self, batch: batch, phase: phase, table: table, rows: rows, step: step,
        firstRow: firstRow)
      if batch.isShared, pool.count > 1 {
        work.runAlone()
      } else {
        pool.deal(batch.blocks.count, &work) { ShardWork.at($0).run(block: $1) }
      }
      for collective in batch.collectives[phase] { collective.run() }
    }
  }

  /// Runs all phases on the calling thread, each op by way of `run`, which is told its place among
  /// the ops of the plan, nil of gathering the rows, the shard and the shard's first row in the batch.
  func runInTurn(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int, firstRow before: Int = 0,
    _ run: (_ op: Int?, _ shard: Shard, _ firstRow: Int, _ body: () -> Void) -> Void
  ) throws(KernelError) {
    let batch = try begin(count: rows.count)
    var first = 0
    for phase in plan.phases.indices {
      for (index, shard) in batch.shards.enumerated() {
        let firstRow = index * shardRows
        let position = RunPosition(step: UInt64(step), first_row: UInt64(before + firstRow))
        if phase == 0 {
          run(nil, shard, firstRow) { table.gather(rows, from: firstRow, position, into: shard) }
        }
        for (place, kernel) in shard.kernels[phase].enumerated() {
          run(first + place, shard, firstRow) { kernel.run(position) }
        }
      }
      first += batch.shards.first?.kernels[phase].count ?? 0
      for collective in batch.collectives[phase] { collective.run() }
    }
  }

  /// Everything before the first phase.
  private func begin(count: Int) throws(KernelError) -> Batch {
    let batch = try prepare(count: count)
    inverseBatch.floats().pointee = 1 / Float(count)
    parameterStore.refreshNarrow(pool)
    return batch
  }

  /// Makes a batch of a size the current one; its shards are made when the size is first met.
  @discardableResult
  func prepare(count: Int) throws(KernelError) -> Batch {
    if let current, count == currentCount { return current }
    let batch = if let made = batches[count] { made } else { try makeBatch(count) }
    batches[count] = batch
    current = batch
    currentCount = count
    return batch
  }

  private func makeBatch(_ count: Int) throws(KernelError) -> Batch {
    let blocks = ShardBlocks(
      shards: (count + shardRows - 1) / shardRows, workers: pool.count)
    var members: [Shard] = []
    for (index, first) in stride(from: 0, to: count, by: shardRows).enumerated() {
      let block = index / blocks.length
      let key = ShardKey(
        index: index, rows: min(shardRows, count - first), worker: block % pool.count,
        home: blocks.home(of: index), isAlone: blocks.shards == 1)
      let shard = if let made = shards[key] { made } else { try makeShard(key, block: block) }
      shards[key] = shard
      members.append(shard)
    }
    return Batch(
      members, blocks, plan, gradients: (0..<blocks.count).map(gradientBuffers.sum(ofBlock:)))
  }

  private func makeShard(_ key: ShardKey, block: Int) throws(KernelError) -> Shard {
    let gradients = gradientBuffers.memory(key.home, block: block, worker: key.worker)
    let memory = memoryPlan(rows: key.rows, passesGradients: !gradients.sums.isEmpty)
    let place = ArenaKey(index: plan.shardsWait ? key.index : key.worker, rows: key.rows)
    let arena = arenas[place] ?? Arena(byteCount: arenaBytes(memory))
    arenas[place] = arena
    return try Shard(
      plan, memory,
      SharedMemory(
        parameters: parameterStore.buffer.base, narrow: parameterStore.narrowBase,
        shared: shared.base, inverseBatch: inverseBatch.base), arena: arena, gradients: gradients,
      isAlone: key.isAlone)
  }

  /// Bytes for all shards of a worker, which differ in what they do with gradients; memory nobody
  /// touches costs nothing.
  private func arenaBytes(_ memory: MemoryPlan) -> Int {
    guard !plan.graph.gradients.isEmpty else { return memory.arenaBytes }
    return [false, true].map { memoryPlan(rows: memory.rows, passesGradients: $0).arenaBytes }
      .reduce(0, max)
  }

  private func memoryPlan(rows: Int, passesGradients: Bool) -> MemoryPlan {
    let key = MemoryKey(rows: rows, passesGradients: passesGradients)
    let memory =
      memoryPlans[key] ?? MemoryPlan(plan, rows: rows, passesGradients: passesGradients)
    memoryPlans[key] = memory
    return memory
  }

  /// A phase of a batch, as the workers share it.
  private struct ShardWork {
    let executor: Executor
    let batch: Batch
    let phase: Int
    let table: BatchTable
    let rows: UnsafeBufferPointer<Int>
    let step: Int
    let firstRow: Int

    static func at(_ pointer: UnsafeMutableRawPointer) -> ShardWork {
      pointer.assumingMemoryBound(to: ShardWork.self).pointee
    }

    /// The only shard, whose larger ops all workers share.
    func runAlone() {
      let position = position(ofShard: 0)
      if phase == 0 { table.gather(rows, from: 0, position, into: batch.shards[0]) }
      batch.shards[0].run(phase: phase, position, on: executor.pool)
    }

    func run(block: Int) {
      for index in batch.blocks.block(block) { run(shard: index) }
    }

    private func run(shard index: Int) {
      let position = position(ofShard: index)
      if phase == 0 {
        table.gather(rows, from: index * executor.shardRows, position, into: batch.shards[index])
      }
      batch.shards[index].run(phase: phase, position)
    }

    private func position(ofShard index: Int) -> RunPosition {
      RunPosition(
        step: UInt64(step), first_row: UInt64(firstRow + index * executor.shardRows))
    }
  }

  // MARK: Reading results

  /// The sum over the shards of an output that is a number each holds a part of.
  package func total(_ output: Value) -> Double {
    let value = planned(output)
    guard let shards = current?.shards else { return 0 }
    func sum(_ range: Range<Int>) -> Double {
      guard range.count > 1 else {
        return Double(shards[range.lowerBound].floats(value)?.pointee ?? 0)
      }
      let middle = treeMiddle(range)
      return sum(range.lowerBound..<middle) + sum(middle..<range.upperBound)
    }
    return shards.isEmpty ? 0 : sum(shards.indices)
  }

  /// Calls `body` with each shard's part of a batched output, in the order of the samples.
  package func forEachPart(
    _ output: Value, _ body: (_ first: Int, _ part: UnsafeBufferPointer<Float>) -> Void
  ) {
    let value = planned(output)
    let size = plan.graph.type(value).shape.count
    for (index, shard) in (current?.shards ?? []).enumerated() {
      guard let pointer = shard.floats(value) else { continue }
      body(
        index * shardRows, UnsafeBufferPointer(start: pointer, count: size * shard.rows))
    }
  }

  /// What an output of the graph has become; only outputs still exist after a run.
  private func planned(_ output: Value) -> Value {
    guard let value = plan.output(output) else {
      preconditionFailure("value \(output.index) is read, but it is no output of the graph")
    }
    return value
  }

  /// The gradients of the batch that ran last, one sum for each block of shards.
  var gradients: [UnsafePointer<Float>?] { current?.gradients ?? [] }

  /// The first of them, where the sum of all may go.
  var gradientSum: UnsafeMutablePointer<Float>? { current?.gradientSum }

  /// Gives states such as running statistics their next values.
  package func updateStates() {
    for copy in current?.stateCopies ?? [] {
      copy.state.update(from: copy.next, count: copy.count)
    }
  }
}
