import CKernels
import NNGraph

/// Prepared data that batches are gathered from: for each graph input the first row's address.
///
/// The memory belongs to the caller, who keeps it for as long as the table is used.
package struct BatchTable {
  package let columns: [UnsafeRawPointer]
  /// For each column what makes its rows when they are gathered, nil where they are copied; or
  /// nothing, where all are.
  package let makers: [(any RowMaker)?]
  /// How the samples of a batch are mixed with each other; nil where they are not.
  package let mixing: SampleMixing?

  package init(
    columns: [UnsafeRawPointer], makers: [(any RowMaker)?] = [], mixing: SampleMixing? = nil
  ) {
    self.columns = columns
    self.makers = makers.contains { $0 != nil } ? makers : []
    self.mixing = mixing
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

extension BatchTable {
  /// Puts the rows of a shard where its graph reads them.
  ///
  /// - first: the place of the shard's first row among the rows of the batch.
  func gather(
    _ rows: UnsafeBufferPointer<Int>, from first: Int, _ position: RunPosition, into shard: Shard
  ) {
    if let mixing { return gatherMixed(mixing, rows, from: first, position, into: shard) }
    for (place, input) in shard.inputs.enumerated() {
      let column = columns[place]
      if !makers.isEmpty, let maker = makers[place] {
        let scratch = shard.scratch(byteCount: maker.scratchBytes)
        for row in 0..<shard.rows {
          maker.make(
            column + rows[first + row] * input.rowBytes, into: input.pointer + row * input.rowBytes,
            scratch: scratch, step: position.step, sample: position.first_row + UInt64(row))
        }
        continue
      }
      // Rows that follow each other are copied together.
      var row = 0
      while row < shard.rows {
        let source = rows[first + row]
        var end = row + 1
        while end < shard.rows, rows[first + end] == source + end - row { end += 1 }
        (input.pointer + row * input.rowBytes).copyMemory(
          from: column + source * input.rowBytes, byteCount: (end - row) * input.rowBytes)
        row = end
      }
    }
  }
}
