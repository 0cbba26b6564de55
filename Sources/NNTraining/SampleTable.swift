package import NNData
package import NNEngine
package import NNGraph
import NNModel
import NNTensor

/// Prepared samples for a graph, in the order it asks for its inputs: in memory that stays where it is,
/// or in a file.
package final class SampleTable: @unchecked Sendable {
  package let count: Int
  package let samples: Samples
  /// Empty where the samples are in a file.
  private let buffers: [UnsafeMutableRawPointer]
  private let graph: Graph
  private let late: [LateTransforms?]
  /// For each input the place of the one whose memory it reads, mostly its own.
  private let columnPlaces: [Int]

  /// - graph: its inputs are named as the samples' inputs, `target.` before the targets' names, and
  ///   ``DataSchema/weightInput``.
  package init(_ samples: Samples, for graph: Graph) {
    count = samples.count
    self.samples = samples
    self.graph = graph
    let arrays = graph.inputs.map { samples.array(forInput: $0.name) }
    late = arrays.map { $0?.late }
    // The truths of partners are the targets' rows, taken in another order.
    columnPlaces = graph.inputs.enumerated().map { place, input in
      let target = samples.targets.first { DataSchema.partnerTarget($0.name) == input.name }
      return target.flatMap { target in
        graph.inputs.firstIndex { $0.name == "target.\(target.name)" }
      } ?? place
    }
    guard samples.file == nil else {
      buffers = []
      return
    }
    let columnPlaces = columnPlaces
    buffers = graph.inputs.indices.map { place in
      let (input, array) = (graph.inputs[place], arrays[place])
      guard columnPlaces[place] == place else {
        return UnsafeMutableRawPointer.allocate(byteCount: 4, alignment: 64)
      }
      let size = max(graph.type(input.value).shape.count * samples.count * 4, 4)
      let buffer = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      let filled =
        switch array?.storage {
        case .float(let values): values.withUnsafeBytes { buffer.fill(from: $0) }
        case .index(let values): values.withUnsafeBytes { buffer.fill(from: $0) }
        // Predictions have no targets and no weights; their places are zero.
        case .filed, nil: 0
        }
      (buffer + filled).initializeMemory(as: UInt8.self, repeating: 0, count: size - filled)
      return buffer
    }
  }

  /// The rows as an evaluation sees them.
  package var evaluationRows: BatchRows {
    BatchRows(self, makers: late.map { $0.map { TransformedRows($0, streams: []) } })
  }

  /// The rows as training sees them, some of them changed at random and mixed with each other.
  package func trainingRows(seed: UInt64, mixing: SampleMixing? = nil) -> BatchRows {
    BatchRows(
      self,
      makers: late.map { $0.map { TransformedRows($0, streams: $0.streams(seed: seed)) } },
      mixing: mixing)
  }

  /// Where rows are taken from.
  fileprivate func origin(
    _ makers: [(any RowMaker)?], _ mixing: SampleMixing?
  ) -> BatchRows.Origin {
    if let file = samples.file { return .file(file) }
    return .memory(
      BatchTable(
        columns: columnPlaces.map { UnsafeRawPointer(buffers[$0]) }, makers: makers, mixing: mixing)
    )
  }

  /// Memory that rows of the file are read into.
  fileprivate func staged(_ file: SampleFile, capacity: Int) -> StagedRows {
    StagedRows(file.layout, graph: graph, capacity: capacity)
  }

  deinit {
    for buffer in buffers { buffer.deallocate() }
  }
}

extension Samples {
  /// What a graph's input of some name is filled from.
  fileprivate func array(forInput name: String) -> FeatureArray? {
    inputs.first { $0.name == name } ?? targets.first { "target.\($0.name)" == name }
      ?? (name == DataSchema.weightInput ? weights : nil)
  }
}

/// The rows of a table in one of its two forms, to take batches of.
package struct BatchRows {
  package let table: SampleTable
  private let makers: [(any RowMaker)?]
  private let mixing: SampleMixing?
  private let origin: Origin

  fileprivate enum Origin {
    case memory(BatchTable)
    case file(SampleFile)
  }

  fileprivate init(
    _ table: SampleTable, makers: [(any RowMaker)?], mixing: SampleMixing? = nil
  ) {
    self.table = table
    self.makers = makers
    self.mixing = mixing
    origin = table.origin(makers, mixing)
  }

  /// Some rows, read now where they are in a file.
  func batch(_ rows: ArraySlice<Int>) throws(StorageProblem) -> RowBatch {
    switch origin {
    case .memory(let memory): return RowBatch(table: memory, rows: rows, staged: nil)
    case .file(let file):
      let staged = table.staged(file, capacity: rows.count)
      try staged.stage(rows, of: file)
      return batch(staged: staged, count: rows.count)
    }
  }

  /// The rows of an order, so many at a time; those in a file are read ahead.
  func batches(_ order: [Int], of count: Int) -> BatchStream {
    guard case .file(let file) = origin else {
      return BatchStream(rows: self, order: order, count: count, thread: nil)
    }
    let slots = (0..<BatchStream.slots).map { _ in
      table.staged(file, capacity: min(count, order.count))
    }
    return BatchStream(
      rows: self, order: order, count: count,
      thread: StagingThread(file, order: order, stepRows: count, slots: slots))
  }

  fileprivate func batch(staged: StagedRows, count: Int) -> RowBatch {
    RowBatch(staged, makers, mixing, count: count)
  }
}

/// Rows of a step, and what they are gathered from.
struct RowBatch {
  let table: BatchTable
  let rows: ArraySlice<Int>
  /// The memory that the rows were read into; nil where they are in that of the table.
  let staged: StagedRows?

  fileprivate init(table: BatchTable, rows: ArraySlice<Int>, staged: StagedRows?) {
    self.table = table
    self.rows = rows
    self.staged = staged
  }

  fileprivate init(
    _ staged: StagedRows, _ makers: [(any RowMaker)?], _ mixing: SampleMixing?, count: Int
  ) {
    self.init(
      table: BatchTable(
        columns: staged.columns.map { UnsafeRawPointer($0) }, makers: makers, mixing: mixing),
      rows: Array(0..<count)[...], staged: staged)
  }
}

/// Batches one after the other.
struct BatchStream: ~Copyable {
  /// Steps in memory: the one that is taken, the next, and one that is being read.
  fileprivate static let slots = 3

  private let rows: BatchRows
  private let order: [Int]
  private let count: Int
  private let thread: StagingThread?
  private var first = 0

  fileprivate init(rows: BatchRows, order: [Int], count: Int, thread: StagingThread?) {
    self.rows = rows
    self.order = order
    self.count = count
    self.thread = thread
  }

  deinit { thread?.stop() }

  /// The next batch, which stays until the one after it is asked for; nil behind the last.
  mutating func next() throws(StorageProblem) -> RowBatch? {
    guard first < order.count else { return nil }
    let next = order[first..<min(first + count, order.count)]
    first += next.count
    guard let thread else { return try rows.batch(next) }
    return try thread.next().map { rows.batch(staged: $0.rows, count: $0.count) }
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
  /// - Returns: how many bytes were copied.
  fileprivate func fill(from bytes: UnsafeRawBufferPointer) -> Int {
    if let base = bytes.baseAddress { copyMemory(from: base, byteCount: bytes.count) }
    return bytes.count
  }
}
