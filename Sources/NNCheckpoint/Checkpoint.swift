package import NNTensor

/// Named tensors and what is to be known about them: the content of one safetensors file.
///
/// Equal contents give equal bytes, in whatever order they were put together.
package struct Checkpoint: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var name: String
    package var tensor: Tensor

    package init(_ name: String, _ tensor: Tensor) {
      self.name = name
      self.tensor = tensor
    }
  }

  package var tensors: [Entry]
  package var metadata: [String: String]

  package init(tensors: [Entry] = [], metadata: [String: String] = [:]) {
    self.tensors = tensors
    self.metadata = metadata
  }

  /// The first tensor with a name, or nil.
  ///
  /// - Complexity: O(*n*) in the number of tensors.
  package subscript(name: String) -> Tensor? {
    tensors.first { $0.name == name }?.tensor
  }

  /// Where training stands, as JSON; in state.safetensors alone.
  package var trainer: String? {
    get { metadata["nnc.trainer"] }
    set { metadata["nnc.trainer"] = newValue }
  }

  package subscript(key: MetadataKey) -> String? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  /// What ``MetadataKey/format`` is in the files that this version writes and reads.
  package static let format = "1"
}

/// The names nnc gives to what it knows about a checkpoint. Nothing here may depend on the time,
/// the machine's load or the number of threads.
package enum MetadataKey: String, Sendable, CaseIterable {
  /// The version of this format; what has it has a digest of its content too.
  case format = "nnc.format"
  /// The engine's version.
  case version = "nnc.version"
  /// The resolved model file, as YAML.
  case model = "nnc.model"
  /// Fitted statistics and vocabularies, as JSON.
  case preprocessing = "nnc.preprocessing"
  case configDigest = "nnc.digest.config"
  /// Of the header without it, and the data.
  case contentDigest = "nnc.digest.content"
  /// A JSON object from path to SHA-256.
  case dataDigests = "nnc.digest.data"
  case seed = "nnc.seed"
  case step = "nnc.step"
  case epoch = "nnc.epoch"
  /// The instruction set whose kernels made the numbers.
  case instructionSet = "nnc.isa"
}

extension [String: String] {
  package subscript(key: MetadataKey) -> String? {
    get { self[key.rawValue] }
    set { self[key.rawValue] = newValue }
  }
}

// MARK: - Writing

extension Checkpoint {
  /// Writes a safetensors file under its name only once all of it is on the disk.
  ///
  /// The tensors are not copied on their way.
  ///
  /// - Returns: The digest of the file's bytes.
  @discardableResult
  package func write(to path: String) throws(CheckpointError) -> ContentDigest {
    let (header, order) = try layout(path: path)
    // One waits for the disk while the other computes.
    let outcomes = inParallel(2) { thread -> Result<ContentDigest?, CheckpointError> in
      guard thread == 0 else { return .success(Self.digest(header, order)) }
      do throws(CheckpointError) {
        try AtomicFile.write(to: path) { file throws(CheckpointError) in
          try Self.emit(header, order) { bytes throws(CheckpointError) in try file.write(bytes) }
        }
        return .success(nil)
      } catch {
        return .failure(error)
      }
    }
    for outcome in outcomes {
      if let digest = try outcome.get() { return digest }
    }
    preconditionFailure("neither written nor refused")
  }

  /// The digest of the bytes that `write` writes.
  package func digest() throws(CheckpointError) -> ContentDigest {
    let (header, order) = try layout(path: "the checkpoint")
    return Self.digest(header, order)
  }

  private static func digest(_ header: [UInt8], _ order: [Entry]) -> ContentDigest {
    var hasher = ContentHasher()
    emit(header, order) { hasher.update($0) }
    return hasher.finish()
  }

  /// The bytes that `write` writes; for small checkpoints.
  package func bytes() throws(CheckpointError) -> [UInt8] {
    let (header, order) = try layout(path: "the checkpoint")
    var result: [UInt8] = []
    Self.emit(header, order) { bytes in
      bytes.withUnsafeBytes { result.append(contentsOf: $0) }
    }
    return result
  }

  /// Hands over some bytes of the data, tensor by tensor.
  private static func forEachSpan(
    of order: [Entry], _ places: [CheckpointHeader.Entry], in range: Range<Int>,
    _ body: (UnsafeRawBufferPointer) -> Void
  ) {
    for (entry, place) in zip(order, places) where place.bytes.overlaps(range) {
      let own = place.bytes.clamped(to: range)
      entry.tensor.values.withUnsafeBytes { bytes in
        let begin = own.lowerBound - place.bytes.lowerBound
        body(UnsafeRawBufferPointer(rebasing: bytes[begin..<begin + own.count]))
      }
    }
  }

  /// Hands over the file piece by piece, in order.
  private static func emit<Failure: Error>(
    _ header: [UInt8], _ order: [Entry], _ body: (RawSpan) throws(Failure) -> Void
  ) throws(Failure) {
    try body(header.span.bytes)
    for entry in order {
      // Swift keeps floats as the format wants them on every machine nnc runs on: little-endian.
      try body(entry.tensor.values.span.bytes)
    }
  }

  /// The file up to its data, and the tensors in the order of their data.
  private func layout(
    path: String
  ) throws(CheckpointError) -> (header: [UInt8], order: [Entry]) {
    // A vocabulary far too large is refused before it is written out as JSON.
    let least = metadata.reduce(0) { $0 + $1.key.utf8.count + $1.value.utf8.count }
    guard least <= CheckpointHeader.maximumByteCount else {
      throw .unwritable(path: path, .headerTooLong(byteCount: least))
    }
    // Bytes are compared, not characters, whose order is another one in every Unicode version.
    let order = tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var names: Set<String> = []
    var entries: [CheckpointHeader.Entry] = []
    entries.reserveCapacity(order.count)
    var offset = 0
    for entry in order {
      guard entry.name != CheckpointHeader.metadataName else {
        throw .unwritable(path: path, .reservedName)
      }
      guard names.insert(entry.name).inserted else {
        throw .unwritable(path: path, .duplicateName(entry.name))
      }
      let end = offset + entry.tensor.values.count * StoredType.float32.byteCount
      entries.append(
        CheckpointHeader.Entry(
          name: entry.name, type: .float32, shape: entry.tensor.shape, bytes: offset..<end))
      offset = end
    }

    var header = CheckpointHeader(metadata: metadata, entries: entries)
    if header.metadata[.format] != nil {
      let places = header.entries
      let seal = ContentSeal.digest(header, byteCount: offset) { range, body in
        Self.forEachSpan(of: order, places, in: range, body)
      }
      header.metadata[.contentDigest] = seal.hexadecimal
    }
    let bytes = header.bytes
    guard bytes.count <= CheckpointHeader.maximumByteCount else {
      throw .unwritable(path: path, .headerTooLong(byteCount: bytes.count))
    }
    let length = UInt64(bytes.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    return (prefix + bytes, order)
  }
}

// MARK: - Reading

extension Checkpoint {
  /// Reads a whole safetensors file; its tensors come in the order of their bytes.
  ///
  /// One that nnc wrote must be of this format and as it was written.
  package init(contentsOf path: String) throws(CheckpointError) {
    let reader = try CheckpointReader(path)
    try reader.requireUnchanged()
    var tensors: [Entry] = []
    tensors.reserveCapacity(reader.header.entries.count)
    for entry in reader.header.entries {
      tensors.append(Entry(entry.name, reader.tensor(entry)))
    }
    self.init(tensors: tensors, metadata: reader.header.metadata)
  }
}
