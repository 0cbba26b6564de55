package import NNData
package import NNEngine
package import NNGraph
import NNModel
import NNTensor

/// Prepared samples in memory that stays where it is, in the order a graph asks for its inputs.
package final class SampleTable: @unchecked Sendable {
  package let count: Int
  package let samples: Samples
  private let buffers: [UnsafeMutableRawPointer]
  /// The rows as an evaluation sees them.
  package let table: BatchTable
  private let late: [LateTransforms?]

  /// - graph: its inputs are named as the samples' inputs, `target.` before the targets' names, and
  ///   ``DataSchema/weightInput``.
  package init(_ samples: Samples, for graph: Graph) {
    count = samples.count
    self.samples = samples
    var buffers: [UnsafeMutableRawPointer] = []
    var columns: [UnsafeRawPointer] = []
    var late: [LateTransforms?] = []
    var places: [String: Int] = [:]
    for target in samples.targets {
      places[DataSchema.partnerTarget(target.name)] = graph.inputs.firstIndex {
        $0.name == "target.\(target.name)"
      }
    }
    for input in graph.inputs {
      // The truths of partners are the same rows, taken in another order.
      if let place = places[input.name], columns.indices.contains(place) {
        columns.append(columns[place])
        late.append(nil)
        continue
      }
      let array =
        samples.inputs.first { $0.name == input.name }
        ?? samples.targets.first { "target.\($0.name)" == input.name }
        ?? (input.name == DataSchema.weightInput ? samples.weights : nil)
      let size = max(graph.type(input.value).shape.count * samples.count * 4, 4)
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      buffer.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      switch array?.storage {
      case .float(let values): values.withUnsafeBytes { buffer.fill(from: $0) }
      case .index(let values): values.withUnsafeBytes { buffer.fill(from: $0) }
      case nil: break  // Predictions have no targets and no weights; their places stay zero.
      }
      buffers.append(buffer)
      columns.append(UnsafeRawPointer(buffer))
      late.append(array?.late)
    }
    self.buffers = buffers
    self.late = late
    table = BatchTable(
      columns: columns, makers: late.map { $0.map { TransformedRows($0, streams: []) } })
  }

  /// The rows as training sees them, some of them changed at random and mixed with each other.
  package func trainingTable(seed: UInt64, mixing: SampleMixing? = nil) -> BatchTable {
    BatchTable(
      columns: table.columns,
      makers: late.map { $0.map { TransformedRows($0, streams: $0.streams(seed: seed)) } },
      mixing: mixing)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
  }
}

/// Rows that something is done to whenever they are taken.
private struct TransformedRows: RowMaker {
  let transforms: LateTransforms
  /// What random transforms draw from; none leaves them out.
  let streams: [RandomStream]

  init(_ transforms: LateTransforms, streams: [RandomStream]) {
    self.transforms = transforms
    self.streams = streams
  }

  var scratchBytes: Int { transforms.scratchCount * 4 }

  func make(
    _ row: UnsafeRawPointer, into output: UnsafeMutableRawPointer,
    scratch: UnsafeMutableRawPointer, step: UInt64, sample: UInt64
  ) {
    transforms.make(
      row.assumingMemoryBound(to: Float.self), into: output.assumingMemoryBound(to: Float.self),
      scratch: scratch.assumingMemoryBound(to: Float.self), streams: streams, step: step,
      sample: sample)
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func fill(from bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress { copyMemory(from: base, byteCount: bytes.count) }
  }
}
