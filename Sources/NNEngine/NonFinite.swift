import CKernels
package import NNGraph
import NNPlan
import NNTensor

/// Where numbers first stopped to be numbers.
package struct NonFinite: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    /// A parameter that was so before the batch.
    case parameter(String)
    /// What was gathered for an input.
    case input(String)
    /// What a layer computed; its id is empty for the loss and what surrounds it.
    case layer(String)
    /// The gradient of a parameter, of which each sample's part was one.
    case gradient(String)
  }

  package let place: Place
  /// The place of the sample in the batch; nil where it is no sample's.
  package let row: Int?

  package init(_ place: Place, row: Int? = nil) {
    self.place = place
    self.row = row
  }
}

extension ParameterStore {
  /// The first parameter or state that is not all numbers.
  package var firstNonFinite: NonFinite? {
    let entry = layout.entries.first { !nn_all_finite(floats($0), Int64($0.shape.count)) }
    return entry.map { NonFinite(.parameter($0.parameter.name)) }
  }
}

extension Executor {
  /// Runs a batch shard after shard and tells where its numbers are first NaN or infinite.
  ///
  /// −∞ is none: it stands for what a mask takes away.
  package func firstNonFinite(
    _ table: BatchTable, rows: UnsafeBufferPointer<Int>, step: Int, firstRow: Int = 0,
    parameters: ParameterStore
  ) throws(KernelError) -> NonFinite? {
    if let found = parameters.firstNonFinite { return found }
    let nodes = plan.phases.flatMap { $0.nodes.filter { $0.op.aliases.isEmpty } }
    var found: NonFinite?
    try runInTurn(table, rows: rows, step: step, firstRow: firstRow) { op, shard, first, body in
      guard found == nil else { return }
      body()
      guard let op else {
        found = inputs(shard, first)
        return
      }
      for output in nodes[op].outputs {
        guard let row = badRow(output, shard) else { continue }
        found = NonFinite(.layer(nodes[op].scope), row: row.map { first + $0 })
        return
      }
    }
    return found
  }

  private func inputs(_ shard: Shard, _ first: Int) -> NonFinite? {
    for input in plan.graph.inputs {
      if let row = badRow(input.value, shard) {
        return NonFinite(.input(input.name), row: row.map { first + $0 })
      }
    }
    return nil
  }

  /// The first row of a value that is no number, or within it nil where it has no rows; nil where all
  /// are numbers.
  private func badRow(_ value: Value, _ shard: Shard) -> Int?? {
    let type = plan.graph.type(value)
    guard type.dataType == .float32, let floats = shard.floats(value) else { return nil }
    let width = max(type.byteCount(rows: 1) / 4, 1)
    let isBatched = type.byteCount(rows: 2) > type.byteCount(rows: 1)
    let count = isBatched ? shard.rows * width : width
    let numbers = UnsafeBufferPointer(start: floats, count: count)
    let place = numbers.firstIndex { $0.isNaN || $0 == .infinity }
    return place.map { isBatched ? $0 / width : nil }
  }
}
