// A table of cells that stays in its files: it is read in chunks of whole records, as often as it is
// asked for.
import NNDiagnostics
import Synchronization

/// Where the chunks of a table's files are.
final class CellStream: Sendable {
  /// A stretch of whole records.
  struct Chunk: Sendable {
    /// The place of its file among those of the table.
    let file: Int
    let offset: Int
    let byteCount: Int
    /// How many rows of the table come before.
    let firstRow: Int
    let rowCount: Int
    /// How many line breaks of its file come before.
    let line: Int
  }

  /// A file of the table.
  struct File: Sendable {
    /// Its names of columns, and what findings call it.
    let header: Table
    let content: ScratchFile
    /// How many rows of the table come before.
    let firstRow: Int
  }

  /// Bytes that are read at once, of so many bytes of memory that there are: so many that a call costs
  /// nothing, and still in the cache of a core.
  static func chunkBytes(within limit: Int) -> Int { min(max(limit / 16, 64), 4 << 20) }
  /// The longest record, a quoted cell that is never closed among them.
  private static let longestRecord = 256 << 20

  let format: CSVFormat
  let columnNames: [String]
  let files: [File]
  let chunks: [Chunk]
  let rowCount: Int
  /// Where what is made of it goes.
  let storage: DataStorage
  /// The chunk that was asked for last, for whoever asks for cell after cell.
  private let latest = Mutex<(index: Int, table: Table)?>(nil)

  private init(
    _ format: CSVFormat, _ files: [File], _ chunks: [Chunk], rowCount: Int, _ storage: DataStorage
  ) {
    self.storage = storage
    self.format = format
    self.files = files
    self.chunks = chunks
    self.rowCount = rowCount
    columnNames = files[0].header.columnNames
  }

  /// Finds the chunks of files, or tells what is wrong in the first chunk where something is.
  ///
  /// - Parameters:
  ///   - files: each with its header and all of its bytes.
  ///   - format: how they are written.
  ///   - chunkBytes: the size of a chunk, unless a record is longer.
  ///   - storage: where what is made of them goes.
  /// - Returns: the table, or what is wrong with it.
  /// - Throws: where a file cannot be read.
  static func open(
    _ files: [(header: Table, content: ScratchFile)], _ format: CSVFormat, chunkBytes: Int,
    _ storage: DataStorage
  ) throws(StorageProblem) -> (CellStream?, [Diagnostic]) {
    var opened: [File] = []
    var chunks: [Chunk] = []
    var row = 0
    for (index, (header, content)) in files.enumerated() {
      let file = File(header: header, content: content, firstRow: row)
      opened.append(file)
      let beginning = try content.bytes(0..<min(content.byteCount, 1 << 20))
      var offset = Table.body(of: beginning, format, name: header.name)
      var line = lineBreaks(beginning[..<offset])
      var wanted = chunkBytes
      while offset < content.byteCount {
        let end = min(offset + wanted, content.byteCount)
        let bytes = try content.bytes(offset..<end)
        let isLast = end == content.byteCount
        let before = TextBefore(rows: row - file.firstRow, bytes: offset, lines: line)
        let chunk = Table.parse(
          chunk: bytes, like: header, format, behind: before, isLast: isLast)
        guard let table = chunk.table, chunk.problems.isEmpty else {
          return (
            nil, chunk.problems.diagnostics(file: header.name, bytes: bytes, behind: before)
          )
        }
        guard chunk.consumed > 0 || isLast else {
          guard wanted < longestRecord else {
            return (nil, [endless(header.name, at: offset, line)])
          }
          wanted *= 4
          continue
        }
        wanted = chunkBytes
        if table.rowCount > 0 {
          chunks.append(
            Chunk(
              file: index, offset: offset, byteCount: chunk.consumed, firstRow: row,
              rowCount: table.rowCount, line: line))
        }
        row += table.rowCount
        line += lineBreaks(bytes[..<chunk.consumed])
        offset += chunk.consumed
        storage.meter?.add(chunk.consumed)
      }
    }
    return (CellStream(format, opened, chunks, rowCount: row, storage), [])
  }

  private static func lineBreaks(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.withUnsafeBufferPointer { $0.count { $0 == UInt8(ascii: "\n") } }
  }

  private static func endless(_ name: String, at offset: Int, _ line: Int) -> Diagnostic {
    let place = SourcePosition(offset: offset, line: line + 1, column: 1)
    return Diagnostic(
      "row-too-long", "the row that begins here is longer than \(longestRecord >> 20) MiB",
      file: name, at: SourceRange(place, place),
      help: "A quote that is never closed makes one row of all that follows.")
  }

  /// The rows of a chunk.
  func table(_ index: Int) throws(StorageProblem) -> Table {
    let chunk = chunks[index]
    let file = files[chunk.file]
    let bytes = try file.content.bytes(chunk.offset..<chunk.offset + chunk.byteCount)
    let parsed = Table.parse(
      chunk: bytes, like: file.header, format,
      behind: TextBefore(
        rows: chunk.firstRow - file.firstRow, bytes: chunk.offset, lines: chunk.line),
      isLast: true)
    guard let table = parsed.table, table.rowCount == chunk.rowCount else {
      throw StorageProblem(file.header.name, reason: "the file changed while it was read")
    }
    return table
  }

  /// The first rows, of so many bytes or of one record.
  func head(bytes: Int) throws(StorageProblem) -> Table {
    guard let first = chunks.first else { return files[0].header }
    let last = chunks.last { $0.file == first.file && $0.offset + $0.byteCount <= bytes } ?? first
    let file = files[first.file]
    let text = try file.content.bytes(first.offset..<last.offset + last.byteCount)
    let before = TextBefore(bytes: first.offset, lines: first.line)
    let head = Table.parse(chunk: text, like: file.header, format, behind: before, isLast: true)
    return head.table ?? file.header
  }
}

/// Single cells, for what is told of them.
extension CellStream {
  /// The place of a row's chunk.
  private func chunk(ofRow row: Int) -> Int {
    var (low, high) = (0, chunks.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if chunks[middle].firstRow <= row { low = middle } else { high = middle - 1 }
    }
    return low
  }

  private func withTable<Result: Sendable>(
    ofRow row: Int, _ body: (_ table: Table, _ row: Int) -> Result
  ) -> Result? {
    let index = chunk(ofRow: row)
    return latest.withLock { latest in
      if latest?.index != index { latest = (try? table(index)).map { (index, $0) } }
      return latest.map { body($0.table, row - chunks[index].firstRow) }
    }
  }

  /// What a cell says; nothing where its file is gone.
  func content(row: Int, column: Int) -> [UInt8] {
    withTable(ofRow: row) { $0.content(row: $1, column: column) } ?? []
  }

  func range(row: Int, column: Int) -> SourceRange {
    withTable(ofRow: row) { $0.range(row: $1, column: column) } ?? .beginning
  }

  func file(ofRow row: Int) -> String { files[chunks[chunk(ofRow: row)].file].header.name }

  func rowInFile(_ row: Int) -> Int { row - files[chunks[chunk(ofRow: row)].file].firstRow }
}

extension ScratchFile {
  func bytes(_ range: Range<Int>) throws(StorageProblem) -> [UInt8] {
    var failure: StorageProblem?
    let bytes = [UInt8](unsafeUninitializedCapacity: range.count) { buffer, count in
      do throws(StorageProblem) {
        try read(UnsafeMutableRawBufferPointer(buffer), at: range.lowerBound)
        count = range.count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return bytes
  }
}
