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
  /// By the worker that runs in it, or by the shard where shards wait for each other.
  private var arenas: [ShardKey: Arena] = [:]
  /// By how many samples they have; a training meets two, whole batches and what is left.
  private var batches: [Int: Batch] = [:]
  /// The batch that ran last, and how many samples it has.
  private var current: Batch?
  private var currentCount = 0

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
        executor: self, shards: batch.shards, phase: phase, table: table, rows: rows, step: step,
        firstRow: firstRow)
      pool.deal(batch.shards.count, &work) { ShardWork.at($0).run($1) }
      for collective in batch.collectives[phase] { collective.run() }
    }
  }

  /// Runs all phases on the calling thread, each op by way of `run`, which is told its place among
  /// the ops of the plan.
  func runInTurn(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int,
    _ run: (_ op: Int, _ body: () -> Void) -> Void
  ) throws(KernelError) {
    let batch = try begin(count: rows.count)
    var first = 0
    for phase in plan.phases.indices {
      for (index, shard) in batch.shards.enumerated() {
        let firstRow = index * shardRows
        let position = RunPosition(step: UInt64(step), first_row: UInt64(firstRow))
        if phase == 0 { gather(table, rows, firstRow, position, into: shard) }
        for (place, kernel) in shard.kernels[phase].enumerated() {
          run(first + place) { kernel.run(position) }
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
    var members: [Shard] = []
    for (index, first) in stride(from: 0, to: count, by: shardRows).enumerated() {
      let key = ShardKey(index: index, rows: min(shardRows, count - first))
      let shard: Shard
      if let made = shards[key] {
        shard = made
      } else {
        let memory = memoryPlans[key.rows] ?? MemoryPlan(plan, rows: key.rows)
        memoryPlans[key.rows] = memory
        let place = ShardKey(index: plan.shardsWait ? index : worker(of: index), rows: key.rows)
        let arena = arenas[place] ?? Arena(byteCount: memory.arenaBytes)
        arenas[place] = arena
        shard = try Shard(
          plan, memory,
          SharedMemory(
            parameters: parameterStore.buffer.base, narrow: parameterStore.narrowBase,
            shared: shared.base, inverseBatch: inverseBatch.base), arena: arena)
      }
      shards[key] = shard
      members.append(shard)
    }
    return Batch(members, plan)
  }

  /// Which worker runs a shard, always the same, as the pool deals them out.
  private func worker(of shard: Int) -> Int { shard % pool.count }

  /// A phase of a batch, as the workers share it.
  private struct ShardWork {
    let executor: Executor
    let shards: [Shard]
    let phase: Int
    let table: BatchTable
    let rows: UnsafeBufferPointer<Int>
    let step: Int
    let firstRow: Int

    static func at(_ pointer: UnsafeMutableRawPointer) -> ShardWork {
      pointer.assumingMemoryBound(to: ShardWork.self).pointee
    }

    func run(_ index: Int) {
      let first = index * executor.shardRows
      let position = RunPosition(step: UInt64(step), first_row: UInt64(firstRow + first))
      if phase == 0 { executor.gather(table, rows, first, position, into: shards[index]) }
      shards[index].run(phase: phase, position)
    }
  }

  private func gather(
    _ table: BatchTable, _ rows: UnsafeBufferPointer<Int>, _ first: Int, _ position: RunPosition,
    into shard: Shard
  ) {
    for (place, input) in shard.inputs.enumerated() {
      let column = table.columns[place]
      if !table.makers.isEmpty, let maker = table.makers[place] {
        let scratch = shard.scratch(byteCount: maker.scratchBytes)
        for row in 0..<shard.rows {
          maker.make(
            column + rows[first + row] * input.rowBytes, into: input.pointer + row * input.rowBytes,
            scratch: scratch, step: position.step, sample: position.first_row + UInt64(row))
        }
        continue
      }
      for row in 0..<shard.rows {
        (input.pointer + row * input.rowBytes).copyMemory(
          from: column + rows[first + row] * input.rowBytes, byteCount: input.rowBytes)
      }
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

  /// The gradients of the batch that ran last, one buffer for each shard.
  var gradients: [UnsafePointer<Float>?] { current?.gradients ?? [] }

  /// The first shard's gradients, where their sum may go.
  var gradientSum: UnsafeMutablePointer<Float>? { current?.shards.first?.gradients }

  /// Gives states such as running statistics their next values.
  package func updateStates() {
    for copy in current?.stateCopies ?? [] {
      copy.state.update(from: copy.next, count: copy.count)
    }
  }
}

/// Prepared data that batches are gathered from: for each graph input the first row's address.
///
/// The memory belongs to the caller, who keeps it for as long as the table is used.
package struct BatchTable {
  package let columns: [UnsafeRawPointer]
  /// For each column what makes its rows when they are gathered, nil where they are copied; or
  /// nothing, where all are.
  package let makers: [(any RowMaker)?]

  package init(columns: [UnsafeRawPointer], makers: [(any RowMaker)?] = []) {
    self.columns = columns
    self.makers = makers.contains { $0 != nil } ? makers : []
  }
}

/// Makes rows of a graph input out of prepared ones, when a batch is gathered: a function of the row
/// and its position alone, which any worker may call, and which allocates nothing.
package protocol RowMaker: Sendable {
  /// Memory it needs for the time of a call.
  var scratchBytes: Int { get }
  /// - Parameters:
  ///   - row: as it is prepared.
  ///   - output: where the input's row goes, of as many bytes.
  ///   - scratch: aligned for floats.
  ///   - step: counts from zero.
  ///   - sample: the row's place in the step.
  func make(
    _ row: UnsafeRawPointer, into output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer, step: UInt64, sample: UInt64)
}
