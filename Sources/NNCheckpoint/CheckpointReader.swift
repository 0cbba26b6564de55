package import NNTensor

/// An open checkpoint whose header is checked and whose tensors are taken from the mapped file.
package struct CheckpointReader: Sendable {
  package let path: String
  package let header: CheckpointHeader
  private let file: FileMapping
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
    self.path = path
    self.dataOffset = dataOffset
    places = Dictionary(
      uniqueKeysWithValues: header.entries.enumerated().map { ($0.element.name, $0.offset) })
    self.file = try file.mapped()
  }

  /// Where the tensor with a name is, if there is one.
  package func entry(named name: String) -> CheckpointHeader.Entry? {
    places[name].map { header.entries[$0] }
  }

  /// The elements of the tensor with a name.
  package func tensor(named name: String) throws(CheckpointError) -> Tensor {
    guard let entry = entry(named: name) else { throw .missingTensor(path: path, name: name) }
    return tensor(entry)
  }

  /// The elements of one of this file's tensors; see `StoredType` for those that are no floats.
  package func tensor(_ entry: CheckpointHeader.Entry) -> Tensor {
    let count = entry.shape.count
    return Tensor(
      entry.shape,
      [Float](unsafeUninitializedCapacity: count) { buffer, filled in
        if let base = buffer.baseAddress { copy(entry, to: base) }
        filled = count
      })
  }

  /// Copies the elements of one of this file's tensors.
  package func copy(_ entry: CheckpointHeader.Entry, to floats: UnsafeMutablePointer<Float>) {
    let start = dataOffset + entry.bytes.lowerBound
    file.withBytes { bytes in
      let own = bytes[start..<start + entry.bytes.count]
      entry.type.decode(UnsafeRawBufferPointer(rebasing: own), to: floats)
    }
  }

  /// Refuses a file of nnc's that has another format, or is not as it was written. What other tools
  /// write is none of nnc's.
  package func requireUnchanged() throws(CheckpointError) {
    let metadata = header.metadata
    guard metadata[.format] != nil || metadata[.version] != nil else { return }
    guard metadata[.format] == Checkpoint.format else {
      throw .otherFormat(path: path, format: metadata[.format], version: metadata[.version])
    }
    let digest = ContentSeal.digest(header, byteCount: file.byteCount - dataOffset) { range, body in
      file.withBytes { bytes in
        let piece = dataOffset + range.lowerBound..<dataOffset + range.upperBound
        body(UnsafeRawBufferPointer(rebasing: bytes[piece]))
      }
    }
    guard digest.hexadecimal == metadata[.contentDigest] else { throw .changed(path: path) }
  }
}
