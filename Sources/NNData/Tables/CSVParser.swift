// From the bytes of a file to a table, or to what is wrong with the file.
package import NNDiagnostics
import NNTensor

extension Table {
  /// Reads a table from the bytes of a CSV file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, or the first of it that hold the header.
  ///   - name: how messages call the file; its extension may tell the delimiter.
  ///   - format: how the table is written.
  ///   - headerOnly: reads the names of the columns and no rows.
  /// - Returns: the table, or what is wrong with it.
  package static func parse(
    _ bytes: [UInt8], name: String, format: CSVFormat, headerOnly: Bool = false
  ) -> (Table?, [Diagnostic]) {
    var bytes = bytes
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    var parser = CSVParser(bytes: bytes, name: name, format: format)
    let table = parser.parse(headerOnly: headerOnly)
    return (table, parser.problems.diagnostics(file: name, bytes: bytes))
  }
}

/// The rows of a stretch of a file.
struct CellChunk {
  /// Without rows where there are none; nil where something is wrong.
  let table: Table?
  /// How many bytes its whole records take.
  let consumed: Int
  let problems: TableProblems
}

extension Table {
  /// Reads the records of a stretch of a file that begins with one.
  ///
  /// - Parameters:
  ///   - bytes: what follows whole records, or the header.
  ///   - header: its file, of which the names of the columns are known.
  ///   - format: how the table is written.
  ///   - before: what comes before in the file.
  ///   - isLast: whether the file ends with it; else what may be half a record is left over.
  /// - Returns: the rows, or what is wrong with them, and how far they reach.
  static func parse(
    chunk bytes: [UInt8], like header: Table, _ format: CSVFormat, behind before: TextBefore,
    isLast: Bool
  ) -> CellChunk {
    var parser = CSVParser(bytes: bytes, name: header.name, format: format)
    parser.chunk = CSVParser.Chunk(before: before, isLast: isLast)
    let table = parser.rows(from: 0, names: header.columnNames)
    var problems = TableProblems()
    let isText = parser.checkEncoding(upTo: parser.consumed, &problems)
    return CellChunk(
      table: isText ? table : nil, consumed: parser.consumed,
      problems: isText ? parser.problems : problems)
  }

  /// Where the first row of a file's beginning stands, behind the header if there is one.
  static func body(of beginning: [UInt8], _ format: CSVFormat, name: String) -> Int {
    guard format.hasHeader else { return beginning.starts(with: byteOrderMark) ? 3 : 0 }
    return beginning.withUnsafeBufferPointer { text in
      var scanner = CSVScanner(text, delimiter: format.delimiter(ofPath: name))
      var starts: [UInt32] = []
      return scanner.next(into: &starts, wanted: 0) == nil ? 0 : scanner.index
    }
  }

  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
}

/// Whether the beginning of a file holds its whole first record.
func holdsFirstRecord(_ bytes: [UInt8], delimiter: UInt8) -> Bool {
  bytes.withUnsafeBufferPointer { text in
    var scanner = CSVScanner(text, delimiter: delimiter)
    var starts: [UInt32] = []
    return scanner.next(into: &starts, wanted: 0) != nil && scanner.index < text.count
  }
}

private struct CSVParser {
  let bytes: [UInt8]
  let name: String
  let format: CSVFormat
  var problems = TableProblems()
  /// Nil of a whole file.
  var chunk: Chunk?
  /// How many bytes the records took that were read.
  private(set) var consumed = 0

  struct Chunk {
    let before: TextBefore
    /// Whether the file ends with it.
    let isLast: Bool
  }

  mutating func parse(headerOnly: Bool) -> Table? {
    guard !bytes.isEmpty else {
      problems.add("empty-file", at: .bytes(0..<0), "'\(name)' is empty")
      return nil
    }
    let starts = bytes.withUnsafeBufferPointer { text in
      var scanner = CSVScanner(text, delimiter: format.delimiter(ofPath: name))
      var starts: [UInt32] = []
      let first = scanner.next(into: &starts, wanted: .max)
      return (first: first, cells: starts, next: scanner.index)
    }
    guard let first = starts.first,
      checkEncoding(upTo: headerOnly ? first.end : bytes.count),
      check(first),
      let names = columnNames(first, starts.cells)
    else { return nil }
    let body = format.hasHeader ? starts.next : 0
    return headerOnly
      ? Table(
        name: name, columnNames: names, format: format, bytes: bytes, rowStarts: [],
        cellStarts: [])
      : rows(from: body, names: names)
  }

  private mutating func checkEncoding(upTo end: Int) -> Bool {
    var found = TableProblems()
    defer { problems.add(found) }
    return checkEncoding(upTo: end, &found)
  }

  func checkEncoding(upTo end: Int, _ problems: inout TableProblems) -> Bool {
    bytes.withUnsafeBufferPointer {
      NNData.checkEncoding(.init(rebasing: $0[..<end]), name: name, noun: "table", &problems)
    }
  }

  /// Reports what the scanner met in a record.
  private mutating func check(_ record: CSVScanner.Record) -> Bool {
    switch record.problem {
    case nil: return true
    case .unclosedQuote(let place):
      problems.add(
        "unclosed-quote", at: .bytes(place..<place + 1),
        "the quote that opens here is never closed",
        help: "A quoted cell ends with a quote; a quote inside one is written twice.")
    case .textAfterQuote(let place):
      problems.add(
        "text-after-quote", at: .bytes(place..<place + 1),
        "text follows the closing quote of a cell",
        help: "A quote inside a quoted cell is written twice: \"a \"\"b\"\" c\".")
    }
    return false
  }

  private mutating func columnNames(
    _ record: CSVScanner.Record, _ starts: [UInt32]
  ) -> [String]? {
    guard format.hasHeader else { return (1...record.cellCount).map { "column_\($0)" } }
    if let place = bytes[record.start..<record.end].firstIndex(of: UInt8(ascii: "\r")),
      bytes[record.start] != UInt8(ascii: "\"")
    {
      problems.add(
        "bare-carriage-return", at: .bytes(place..<place + 1),
        "the lines of '\(name)' end in carriage returns alone",
        help: "Save it with Unix or Windows line breaks.")
      return nil
    }
    var names: [String] = []
    var seen: [String: Int] = [:]
    for column in 0..<record.cellCount {
      let slice = record.start + Int(starts[column])..<record.start + Int(starts[column + 1]) - 1
      let name = String(decoding: unquoted(bytes[slice]), as: UTF8.self)
      names.append(name)
      if name.allSatisfy(\.isWhitespace) {
        problems.add(
          "empty-column-name", at: .bytes(slice), "column \(column + 1) has no name",
          help: "Name it in the first line, or say header: false if the first line is data.")
      } else if let first = seen[name] {
        problems.add(
          "duplicate-column-name", at: .bytes(slice),
          "columns \(first + 1) and \(column + 1) are both named '\(name)'",
          help: "Rename one, or say header: false if the first line is data.")
      } else {
        seen[name] = column
      }
    }
    return problems.isEmpty ? names : nil
  }

  mutating func rows(from body: Int, names: [String]) -> Table? {
    let width = names.count
    var rowStarts: [Int] = []
    var cellStarts: [UInt32] = []
    let lineCount = countLines(from: body)
    rowStarts.reserveCapacity(lineCount)
    // A cell takes a byte at least, so a hostile header cannot make this larger than the file.
    let (wanted, overflows) = lineCount.multipliedReportingOverflow(by: width + 1)
    let most = bytes.count + lineCount
    cellStarts.reserveCapacity(overflows ? most : min(wanted, most))
    let delimiter = format.delimiter(ofPath: name)
    let bytes = bytes
    bytes.withUnsafeBufferPointer { text in
      var scanner = CSVScanner(text, delimiter: delimiter, from: body)
      var blank: Int?
      var row = chunk?.before.rows ?? 0
      let mayBeCut = chunk.map { !$0.isLast } ?? false
      let endsLine = text.last == UInt8(ascii: "\n")
      consumed = body
      while true {
        // Records that hold nothing unusual are read without looking at each byte.
        if blank == nil {
          let start = scanner.index
          let isPlain = withUnsafeTemporaryAllocation(of: UInt32.self, capacity: width + 1) {
            starts in
            guard let first = starts.baseAddress, scanner.takePlain(width, into: first) else {
              return false
            }
            cellStarts.append(contentsOf: UnsafeBufferPointer(starts))
            return true
          }
          if isPlain {
            if mayBeCut, scanner.index == text.count, !endsLine {
              cellStarts.removeLast(width + 1)
              break
            }
            consumed = scanner.index
            rowStarts.append(start)
            row += 1
            continue
          }
        }
        guard let record = scanner.next(into: &cellStarts, wanted: width) else { break }
        if mayBeCut, scanner.index == text.count, record.isUnclosed || !endsLine {
          cellStarts.removeLast(min(record.cellCount, width) + (record.isUnclosed ? 0 : 1))
          break
        }
        // Blank lines at the end of a table mean nothing; in the middle a row is missing.
        let isBlank = record.start == record.end && width > 1
        if isBlank {
          blank = blank ?? record.start
        } else {
          if let place = blank {
            problems.add(
              "uneven-row", at: .bytes(place..<place),
              "this line is empty, the header has \(width) columns", help: "Take the line out.")
            blank = nil
          }
          consumed = scanner.index
          if checkRow(record, row: row, width: width) {
            rowStarts.append(record.start)
            row += 1
            continue
          }
          row += 1
        }
        cellStarts.removeLast(min(record.cellCount, width) + (record.isUnclosed ? 0 : 1))
      }
    }
    // Blank lines at the end of a chunk may be in the middle of the table.
    if chunk?.isLast ?? true { consumed = bytes.count }
    if !problems.isEmpty, chunk == nil, names.count == 1, let divider = divider(ofHeader: names[0])
    {
      problems = TableProblems()
      problems.add(
        "wrong-delimiter", at: .bytes(0..<(body > 0 ? body - 1 : 0)),
        "the header of '\(name)' is divided by '\(divider)', which is not the delimiter",
        help: "Say csv: {path: \(name), delimiter: \"\(divider)\"} in the model file.")
    }
    guard problems.isEmpty else { return nil }
    guard !rowStarts.isEmpty || chunk != nil else {
      problems.add(
        "no-rows", at: .bytes(0..<0), "'\(name)' has a header but no rows",
        help: format.hasHeader
          ? "If its only line is data, say header: false." : nil)
      return nil
    }
    return Table(
      name: name, columnNames: names, format: format, bytes: bytes, rowStarts: rowStarts,
      cellStarts: cellStarts, before: chunk?.before ?? TextBefore())
  }

  private func countLines(from body: Int) -> Int {
    bytes.withUnsafeBufferPointer { text in
      var count = 1
      var from = body
      while let place = firstOffset(of: UInt8(ascii: "\n"), in: text, from: from) {
        count += 1
        from = place + 1
      }
      return count
    }
  }

  private mutating func checkRow(_ record: CSVScanner.Record, row: Int, width: Int) -> Bool {
    guard check(record) else { return false }
    guard record.cellCount == width else {
      let place = record.firstExtra ?? record.end
      let reference = format.hasHeader ? "the header" : "the first row"
      let cells = record.cellCount == 1 ? "1 cell" : "\(record.cellCount) cells"
      problems.add(
        "uneven-row", at: .bytes(place..<max(place, record.end)),
        "row \(row + 1) has \(cells), \(reference) has \(width)",
        help: record.cellCount > width
          ? "A cell that holds the delimiter must be quoted." : nil)
      return false
    }
    guard record.end - record.start < Int(UInt32.max) else {
      problems.add(
        "row-too-long", at: .bytes(record.start..<record.start),
        "row \(row + 1) is longer than 4 GiB")
      return false
    }
    return true
  }
}

/// The character that seems to divide a header into columns, as one would write it; nil where the
/// header is one name.
func divider(ofHeader header: String, _ isColumn: (Substring) -> Bool = { _ in true }) -> String? {
  let divider = [",", ";", "\t", "|"].first { character in
    let names = header.split(separator: Character(character), omittingEmptySubsequences: false)
    return names.count > 1 && names.contains(where: isColumn)
  }
  return divider == "\t" ? "\\t" : divider
}

extension CSVScanner.Record {
  fileprivate var isUnclosed: Bool {
    if case .unclosedQuote = problem { true } else { false }
  }
}
