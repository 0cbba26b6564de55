// Whether a table of cells fits into memory, and reading it where it does not.
import NNDiagnostics

extension DataFile {
  /// The table of some files in chunks, or what is wrong with it; nil where it fits into memory.
  ///
  /// - Parameters:
  ///   - paths: one, or those that a pattern matches, in their order.
  ///   - format: how they are written.
  ///   - limit: the most bytes of memory that reading them may take.
  ///   - storage: where what is made of them goes.
  /// - Returns: as ``read(_:)`` does.
  /// - Throws: where a file cannot be read.
  func stream(
    _ paths: [String], _ format: CSVFormat, limit: Int, _ storage: DataStorage
  ) throws(FileProblem) -> (Table?, [Diagnostic])? {
    var memory = 0
    for path in paths { memory += try sibling(path).memoryEstimate(format) }
    guard memory > limit else { return nil }
    do throws(StorageProblem) {
      var files: [(header: Table, content: ScratchFile)] = []
      for path in paths {
        let file = sibling(path)
        let (header, findings) = try file.header(format)
        guard let header else { return (nil, findings) }
        files.append((header, try file.content(storage)))
      }
      let names = files[0].header.columnNames
      if let other = files.first(where: { $0.header.columnNames != names }) {
        return Table.joined([files[0].header, other.header], name: path)
      }
      storage.meter?.begin("reading \(path)", total: files.reduce(0) { $0 + $1.content.byteCount })
      let (stream, findings) = try CellStream.open(
        files, format, chunkBytes: CellStream.chunkBytes(within: limit), storage)
      guard let stream else { return (nil, findings) }
      guard stream.rowCount > 0 else { return nil }
      return (Table(name: path, format: format, stream: stream), [])
    } catch {
      return (nil, [error.diagnostic(file: path)])
    }
  }

  /// How much memory the table takes at most while it is prepared: its text, and of each cell its
  /// place, its number, what it is scaled to and a copy of that for the engine.
  private func memoryEstimate(_ format: CSVFormat) throws(FileProblem) -> Int {
    let file = try openForReading(openedPath)
    closeFile(file)
    let size = try unpackedSize(packed: file.byteCount)
    let beginning = try beginning(format)
    guard !beginning.isEmpty else { return 0 }
    let delimiter = format.delimiter(ofPath: path)
    let cells = beginning.count { $0 == delimiter || $0 == UInt8(ascii: "\n") } + 1
    return Int(Double(size) * (1 + Double(cells) / Double(beginning.count) * (4 + 8 + 4 + 4)))
  }

  /// About how many bytes a file holds after it is decompressed.
  private func unpackedSize(packed size: Int) throws(FileProblem) -> Int {
    guard isCompressed(path) else { return size }
    // What a compressed file says of itself may be wrong, or modulo 2³²; text is packed to a third.
    return max(size * 3, try Unpacking.declaredSize(of: openedPath))
  }

  private func header(_ format: CSVFormat) throws(StorageProblem) -> (Table?, [Diagnostic]) {
    do throws(FileProblem) {
      return try read(.header)
    } catch {
      throw StorageProblem(openedPath, reason: error.message(path: path))
    }
  }

  /// The bytes of the file, decompressed into a file of their own where they are compressed.
  private func content(_ storage: DataStorage) throws(StorageProblem) -> ScratchFile {
    guard isCompressed(path) else { return try ScratchFile(reading: openedPath) }
    return try Unpacking.unpack(openedPath, name: path, storage)
  }
}

extension StorageProblem {
  /// As a finding in a file of data.
  func diagnostic(file: String) -> Diagnostic {
    Diagnostic("no-storage", message, file: file, at: .beginning, help: StorageProblem.help)
  }
}
