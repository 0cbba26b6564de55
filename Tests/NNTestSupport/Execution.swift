package import NNEngine
package import NNGraph
import NNPlan
package import NNTensor

/// What a run on the engine gave.
package struct ExecutionResult: Sendable {
  /// The graph's batched outputs in its order, the samples one behind the other.
  package var outputs: [[Float]] = []
  /// The sum of the loss over the shards.
  package var loss = 0.0
  /// By name.
  package var gradients: [String: [Float]] = [:]
  package var states: [String: [Float]] = [:]
}

/// Runs a case on the engine.
///
/// The case's graph is differentiated where gradients are wanted, and a loss is among its outputs.
///
/// - rows: which samples to run, in which order; all where not given.
/// - operands: what large products compute on.
package func execute(
  _ test: GraphCase, shardRows: Int, threads: Int = 1, rows: [Int]? = nil, step: Int = 0,
  operands: DataType = .float32
) throws(KernelError) -> ExecutionResult {
  let plan = Plan(test.graph, operands: operands)
  let store = ParameterStore(plan.parameters)
  for entry in plan.parameters.entries {
    let values = (test.data[entry.parameter.value] ?? []).map { Float($0) }
    store.set(entry, Tensor(entry.shape, values))
  }
  let pool = WorkerPool(threads: threads)
  let executor = Executor(plan, parameters: store, shardRows: shardRows, pool: pool)
  let memory = TableMemory(test)
  let order = rows ?? Array(0..<test.rows)
  defer { withExtendedLifetime(memory) {} }
  try run(executor, memory.table, order, step: step)
  var result = ExecutionResult()
  for output in test.graph.outputs where test.graph.type(output.value).isBatched {
    var values: [Float] = []
    executor.forEachPart(output.value) { _, part in values += Array(part) }
    result.outputs.append(values)
  }
  if let loss = test.loss { result.loss = executor.total(loss) }
  executor.updateStates()
  for entry in plan.parameters.entries where entry.parameter.role == .state {
    result.states[entry.parameter.name] = store.tensor(entry).values
  }
  // An update that puts the gradient in place of the parameter lets it be read.
  let program = UpdateProgram(arrays: 2, scalars: 0) { arrays, _ in [(0, arrays[1])] }
  let rule = UpdateRule(program, scalarCount: 0)
  try Updater(store: store, rule: rule, pool: pool).update(executor, scalars: [[]])
  for entry in plan.parameters.entries where entry.isUpdated {
    result.gradients[entry.parameter.name] = store.tensor(entry).values
  }
  return result
}

/// Runs an executor on rows of a table.
package func run(
  _ executor: Executor, _ table: BatchTable, _ rows: [Int], step: Int = 0, firstRow: Int = 0
) throws(KernelError) {
  let outcome: Result<Void, KernelError> = rows.withUnsafeBufferPointer { rows in
    do throws(KernelError) {
      return .success(try executor.run(table, rows: rows, step: step, firstRow: firstRow))
    } catch {
      return .failure(error)
    }
  }
  try outcome.get()
}

/// The inputs of a case in memory, as a table that batches are gathered from.
package final class TableMemory {
  package let table: BatchTable
  private let columns: [UnsafeMutableRawPointer]

  package init(_ test: GraphCase) {
    columns = test.graph.inputs.map { input in
      let type = test.graph.type(input.value)
      return words(test.data[input.value] ?? [], type.dataType)
    }
    table = BatchTable(columns: columns.map { UnsafeRawPointer($0) })
  }

  deinit {
    for column in columns { column.deallocate() }
  }
}

/// Numbers as elements of a type; the caller frees them.
func words(_ values: [Double], _ type: DataType) -> UnsafeMutableRawPointer {
  let size = type.byteCount
  let memory = UnsafeMutableRawPointer.allocate(
    byteCount: max(values.count * size, 64), alignment: TensorBuffer.alignment)
  for (index, value) in values.enumerated() {
    let bits = type.bits(of: value)
    if size == 2 {
      memory.storeBytes(of: UInt16(bits), toByteOffset: index * 2, as: UInt16.self)
    } else {
      memory.storeBytes(of: bits, toByteOffset: index * 4, as: UInt32.self)
    }
  }
  return memory
}
