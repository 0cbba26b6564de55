package import NNTensor

/// An open checkpoint whose header is checked and whose tensors are read one at a time.
package struct CheckpointReader: ~Copyable, Sendable {
  package let header: CheckpointHeader
  private let file: InputFile
  private let dataOffset: Int
  private let places: [String: Int]

  /// Opens a file and checks its header against its size; no tensor is read yet.
  package init(_ path: String) throws(CheckpointError) {
    let file = try InputFile(path)
    let prefixByteCount = min(CheckpointHeader.prefixByteCount, file.byteCount)
    let prefix = try file.bytes(prefixByteCount, at: 0)
    let headerByteCount: Int
    do throws(CheckpointFlaw) {
      headerByteCount = try CheckpointHeader.byteCount(
        prefix: prefix, fileByteCount: file.byteCount)
    } catch {
      throw .malformed(path: path, error)
    }
    let dataOffset = prefixByteCount + headerByteCount
    let text = try file.bytes(headerByteCount, at: prefixByteCount)
    do throws(CheckpointFlaw) {
      header = try CheckpointHeader(
        parsing: text, dataByteCount: file.byteCount - dataOffset)
    } catch {
      throw .malformed(path: path, error)
    }
    self.dataOffset = dataOffset
    places = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { ($0.element.name, $0.offset) })
    self.file = file
  }

  package var path: String { file.path }

  /// The elements of the tensor with a name.
  package func tensor(named name: String) throws(CheckpointError) -> Tensor {
    guard let place = places[name] else { throw .missingTensor(path: path, name: name) }
    return try tensor(header.entries[place])
  }

  /// The elements of one of this file's tensors; see `StoredType` for those that are no floats.
  package func tensor(_ entry: CheckpointHeader.Entry) throws(CheckpointError) -> Tensor {
    let start = dataOffset + entry.bytes.lowerBound
    // Elements are read right into the array, so that a large file is in memory once.
    guard entry.type != .float32 else {
      return Tensor(entry.shape, try file.floats(entry.shape.count, at: start))
    }
    let chunk = 1 << 20
    var values: [Float] = []
    values.reserveCapacity(entry.shape.count)
    for offset in stride(from: 0, to: entry.bytes.count, by: chunk) {
      let bytes = try file.bytes(min(chunk, entry.bytes.count - offset), at: start + offset)
      entry.type.decode(bytes, into: &values)
    }
    return Tensor(entry.shape, values)
  }
}
