internal import NNJSON
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
    get { metadata[key.rawValue] }
    set { metadata[key.rawValue] = newValue }
  }
}

/// The names nnc gives to what it knows about a checkpoint. Nothing here may depend on the time,
/// the machine's load or the number of threads.
package enum MetadataKey: String, Sendable, CaseIterable {
  /// The engine's version.
  case version = "nnc.version"
  /// The resolved model file, as YAML.
  case model = "nnc.model"
  /// Fitted statistics and vocabularies, as JSON.
  case preprocessing = "nnc.preprocessing"
  case configDigest = "nnc.digest.config"
  /// A JSON object from path to SHA-256.
  case dataDigests = "nnc.digest.data"
  case seed = "nnc.seed"
  case step = "nnc.step"
  case epoch = "nnc.epoch"
  /// The instruction set whose kernels made the numbers.
  case instructionSet = "nnc.isa"
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
    var hasher = ContentHasher()
    try AtomicFile.write(to: path) { file throws(CheckpointError) in
      try Self.emit(header, order) { bytes throws(CheckpointError) in
        hasher.update(bytes)
        try file.write(bytes)
      }
    }
    return hasher.finish()
  }

  /// The digest of the bytes that `write` writes.
  package func digest() throws(CheckpointError) -> ContentDigest {
    let (header, order) = try layout(path: "the checkpoint")
    var hasher = ContentHasher()
    Self.emit(header, order) { hasher.update($0) }
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
    var members: [JSONValue.Member] = []
    members.reserveCapacity(tensors.count + 1)
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONValue.Member(
          CheckpointHeader.metadataName,
          .object(sorted.map { JSONValue.Member($0.key, .string($0.value)) })))
    }

    var offset = 0
    for entry in order {
      guard entry.name != CheckpointHeader.metadataName else {
        throw .unwritable(path: path, .reservedName)
      }
      guard names.insert(entry.name).inserted else {
        throw .unwritable(path: path, .duplicateName(entry.name))
      }
      let end = offset + entry.tensor.values.count * StoredType.float32.byteCount
      members.append(
        JSONValue.Member(
          entry.name,
          [
            "dtype": .string(StoredType.float32.rawValue),
            "shape": .array(entry.tensor.shape.sizes.map { JSONValue($0) }),
            "data_offsets": [JSONValue(offset), JSONValue(end)],
          ]))
      offset = end
    }

    var header = Array(JSONValue.object(members).serialized().utf8)
    // Spaces after the header align the data, for readers that map the file into memory.
    while !header.count.isMultiple(of: 8) { header.append(UInt8(ascii: " ")) }
    guard header.count <= CheckpointHeader.maximumByteCount else {
      throw .unwritable(path: path, .headerTooLong(byteCount: header.count))
    }
    let length = UInt64(header.count)
    let prefix = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * UInt64($0))) }
    return (prefix + header, order)
  }
}

// MARK: - Reading

extension Checkpoint {
  /// Reads a whole safetensors file; its tensors come in the order of their bytes.
  package init(contentsOf path: String) throws(CheckpointError) {
    let reader = try CheckpointReader(path)
    var tensors: [Entry] = []
    tensors.reserveCapacity(reader.header.entries.count)
    for entry in reader.header.entries {
      tensors.append(Entry(entry.name, try reader.tensor(entry)))
    }
    self.init(tensors: tensors, metadata: reader.header.metadata)
  }
}
