// Prepared samples in a file: of each sample all inputs, then all targets and the weight, four bytes a
// number, so that taking a sample is one reading.
package import NNTensor

/// What the samples of a file are made of, in the order of the record.
package struct SampleLayout: Sendable, Equatable {
  package struct Field: Sendable, Equatable {
    package let name: String
    package let role: FeatureSpec.Role
    package let sampleShape: Shape
    package let dataType: DataType
    /// Numbers before it in a record.
    package let offset: Int

    package var count: Int { sampleShape.count }
  }

  package let fields: [Field]
  /// Numbers of a record.
  package let width: Int

  package init(_ samples: Samples) {
    var offset = 0
    func fields(_ arrays: [FeatureArray], _ role: FeatureSpec.Role) -> [Field] {
      arrays.map { array in
        defer { offset += array.sampleShape.count }
        return Field(
          name: array.name, role: role, sampleShape: array.sampleShape, dataType: array.dataType,
          offset: offset)
      }
    }
    self.fields =
      fields(samples.inputs, .input) + fields(samples.targets, .target)
      + fields(samples.weights.map { [$0] } ?? [], .weight)
    width = offset
  }
}

/// Samples in a file, to be read by any thread.
package final class SampleFile: Sendable {
  package let layout: SampleLayout
  package let count: Int
  private let file: ScratchFile

  init(_ layout: SampleLayout, count: Int, _ file: ScratchFile) {
    self.layout = layout
    self.count = count
    self.file = file
  }

  /// Appends all records to a file.
  fileprivate func copy(to output: ScratchFile) throws(StorageProblem) {
    let piece = 4 << 20
    for offset in stride(from: 0, to: file.byteCount, by: piece) {
      try output.append(file.bytes(offset..<min(offset + piece, file.byteCount)))
    }
  }

  /// Whole records; those that follow each other are read together.
  ///
  /// - output: of `rows.count · layout.width` numbers.
  package func read(
    _ rows: some RandomAccessCollection<Int>, into output: UnsafeMutableRawBufferPointer
  ) throws(StorageProblem) {
    let size = layout.width * 4
    var place = rows.startIndex
    var written = 0
    while place != rows.endIndex {
      let first = rows[place]
      var length = 1
      rows.formIndex(after: &place)
      while place != rows.endIndex, rows[place] == first + length {
        length += 1
        rows.formIndex(after: &place)
      }
      let part = UnsafeMutableRawBufferPointer(
        rebasing: output[written * size..<(written + length) * size])
      try file.read(part, at: first * size)
      written += length
    }
  }
}

extension SampleFile: Equatable {
  package static func == (left: SampleFile, right: SampleFile) -> Bool { left === right }
}

/// Writes samples one block after the other.
struct SampleWriter {
  private let file: ScratchFile
  private var layout: SampleLayout?
  /// What is known of the arrays, without their values.
  private var last: Samples?
  private(set) var count = 0

  init(_ file: ScratchFile) { self.file = file }

  mutating func append(_ samples: Samples) throws(StorageProblem) {
    let layout = self.layout ?? SampleLayout(samples)
    self.layout = layout
    last = samples
    guard layout.width > 0, samples.count > 0 else { return }
    try file.append(samples.records(0..<samples.count, layout))
    count += samples.count
  }

  /// The samples that were written; nil where there were none.
  var samples: Samples? {
    guard let layout, let last else { return nil }
    func filed(_ array: FeatureArray) -> FeatureArray {
      FeatureArray(
        name: array.name, sampleShape: array.sampleShape, storage: .filed(array.dataType),
        late: array.late)
    }
    return Samples(
      count: count, inputs: last.inputs.map(filed), targets: last.targets.map(filed),
      weights: last.weights.map(filed), file: SampleFile(layout, count: count, file))
  }
}

extension Samples {
  /// The records of some samples that are in memory.
  fileprivate func records(_ samples: Range<Int>, _ layout: SampleLayout) -> [UInt32] {
    let width = layout.width
    var records = [UInt32](repeating: 0, count: samples.count * width)
    for (array, field) in zip(all, layout.fields) {
      func fill<Number>(_ values: [Number], _ bits: (Number) -> UInt32) {
        for (row, sample) in samples.enumerated() {
          let (from, to) = (sample * field.count, row * width + field.offset)
          for element in 0..<field.count { records[to + element] = bits(values[from + element]) }
        }
      }
      switch array.storage {
      case .float(let values): fill(values, \.bitPattern)
      case .index(let values): fill(values) { UInt32(bitPattern: $0) }
      case .filed: break
      }
    }
    return records
  }

  /// Writes all samples, wherever they are, as records.
  func write(to output: ScratchFile) throws(StorageProblem) {
    let layout = SampleLayout(self)
    guard let file else {
      let block = max((1 << 18) / max(layout.width, 1), 1)
      for first in stride(from: 0, to: count, by: block) {
        try output.append(records(first..<min(first + block, count), layout))
      }
      return
    }
    try file.copy(to: output)
  }
}

extension SampleFile {
  /// Calls with blocks of records, one after the other: the first sample of each, and its words.
  fileprivate func forEachBlock(
    _ body: (_ first: Int, _ count: Int, _ records: UnsafeBufferPointer<UInt32>) -> Void
  ) throws(StorageProblem) {
    guard layout.width > 0 else { return }
    let block = max((1 << 18) / layout.width, 1)
    let records = UnsafeMutableBufferPointer<UInt32>.allocate(capacity: block * layout.width)
    defer { records.deallocate() }
    for first in stride(from: 0, to: count, by: block) {
      let rows = first..<min(first + block, count)
      let part = UnsafeMutableBufferPointer(rebasing: records[..<(rows.count * layout.width)])
      try read(rows, into: UnsafeMutableRawBufferPointer(part))
      body(first, rows.count, UnsafeBufferPointer(part))
    }
  }
}

extension Samples {
  /// Inputs, targets and the weight, in this order.
  package var all: [FeatureArray] { inputs + targets + (weights.map { [$0] } ?? []) }

  /// The bytes of their file; 0 where they are in memory.
  var fileBytes: Int { file.map { $0.count * $0.layout.width * 4 } ?? 0 }

  /// Calls with the records of all samples, wherever they are, some at a time: of each sample the
  /// numbers of all inputs, then of all targets and the weight, four bytes each.
  package func forEachRecords(
    _ body: (UnsafeBufferPointer<UInt32>) -> Void
  ) throws(StorageProblem) {
    if let file {
      return try file.forEachBlock { _, _, records in body(records) }
    }
    let layout = SampleLayout(self)
    guard layout.width > 0 else { return }
    let block = max((1 << 18) / layout.width, 1)
    for first in stride(from: 0, to: count, by: block) {
      records(first..<min(first + block, count), layout).withUnsafeBufferPointer(body)
    }
  }

  /// Calls with the class of each sample of a target, below zero where there is none; of yes and no
  /// with 1 and 0.
  package func forEachIndex(
    ofTarget name: String, _ body: (Int32) -> Void
  ) throws(StorageProblem) {
    guard let target = targets.first(where: { $0.name == name }) else { return }
    switch target.storage {
    case .index(let indices): indices.forEach(body)
    case .float(let values): for value in values { body(value == 0 ? 0 : 1) }
    case .filed(let type):
      guard let file,
        let field = file.layout.fields.first(where: { $0.role == .target && $0.name == name })
      else { return }
      try file.forEachBlock { _, count, records in
        for row in 0..<count {
          let from = row * file.layout.width + field.offset
          for word in records[from..<from + field.count] {
            body(type == .int32 ? Int32(bitPattern: word) : Float(bitPattern: word) == 0 ? 0 : 1)
          }
        }
      }
    }
  }

  /// The same samples, read back from their file.
  func inMemory() throws(StorageProblem) -> Samples {
    guard let file else { return self }
    let width = file.layout.width
    var words = file.layout.fields.map { field -> [UInt32] in
      var words: [UInt32] = []
      words.reserveCapacity(count * field.count)
      return words
    }
    try file.forEachBlock { _, count, records in
      for row in 0..<count {
        for (place, field) in file.layout.fields.enumerated() {
          let from = row * width + field.offset
          words[place].append(contentsOf: records[from..<from + field.count])
        }
      }
    }
    let arrays = zip(all, words).map { array, words in
      FeatureArray(
        name: array.name, sampleShape: array.sampleShape,
        storage: array.dataType == .int32
          ? .index(words.map { Int32(bitPattern: $0) })
          : .float(words.map { Float(bitPattern: $0) }),
        late: array.late)
    }
    return Samples(
      count: count, inputs: Array(arrays.prefix(inputs.count)),
      targets: Array(arrays.dropFirst(inputs.count).prefix(targets.count)),
      weights: weights == nil ? nil : arrays.last)
  }
}
