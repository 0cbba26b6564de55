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
  package let table: BatchTable

  /// - graph: its inputs are named as the samples' inputs, `target.` before the targets' names, and
  ///   ``DataSchema/weightInput``.
  package init(_ samples: Samples, for graph: Graph) {
    count = samples.count
    self.samples = samples
    var buffers: [UnsafeMutableRawPointer] = []
    for input in graph.inputs {
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
    }
    self.buffers = buffers
    table = BatchTable(columns: buffers.map { UnsafeRawPointer($0) })
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
  }
}

extension UnsafeMutableRawPointer {
  fileprivate func fill(from bytes: UnsafeRawBufferPointer) {
    if let base = bytes.baseAddress { copyMemory(from: base, byteCount: bytes.count) }
  }
}
