package import NNDiagnostics
import NNJSON

/// One JSON object a line, whose keys are columns.
package struct JSONLinesFormat: TypedFormat {
  package static let word = JSONLinesSource.word

  package init() {}
  package init(_ object: inout JSONObject) throws(PreprocessingError) {}

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    var problems = TableProblems()
    guard checkText(bytes, name: name, &problems) else {
      return (nil, problems.diagnostics(file: name, bytes: bytes))
    }
    var reading = JSONLinesReading()
    bytes.withBytes { reading.read($0.bindMemory(to: UInt8.self)) }
    if reading.problems.isEmpty, reading.columns.isEmpty {
      let reason = reading.starts.isEmpty ? "rows" : "keys"
      reading.problems.add("no-rows", at: .bytes(0..<0), "'\(name)' has no \(reason)")
    }
    guard reading.problems.isEmpty else {
      return (nil, reading.problems.diagnostics(file: name, bytes: bytes))
    }
    let table = Table(
      name: name, columns: reading.columns.map(\.builder.column), format: .typed(self),
      text: bytes, rowStarts: reading.starts)
    return (table, [])
  }
}

/// What was read of a file so far.
private struct JSONLinesReading {
  struct Column {
    let key: [UInt8]
    var builder: ColumnBuilder
  }

  var columns: [Column] = []
  var starts: [Int] = []
  var problems = TableProblems()
  private var positions: [String: Int] = [:]
  /// Values that rows lack so far; a missing array lacks all of its own.
  private var missing = 0
  /// How many may be missing.
  private var limit = 0

  mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    limit = mostUnwritten(inBytes: text.count)
    var start = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while start < text.count {
      let end = firstOffset(of: UInt8(ascii: "\n"), in: text, from: start) ?? text.count
      var scanner = JSONLinesScanner(text, start..<end)
      scanner.skipBlanks()
      // A blank line holds no row, also at the end of a file.
      if !scanner.isAtEnd {
        starts.append(start)
        do throws(JSONLinesScanner.Problem) {
          try readObject(&scanner)
        } catch {
          report(error)
        }
        fillRow()
        if missing > limit { return reportTooMany(at: start) }
      }
      start = end + 1
    }
  }

  /// Makes what a row lacks missing.
  private mutating func fillRow() {
    for place in columns.indices where columns[place].builder.rowCount < starts.count {
      columns[place].builder.fill(to: starts.count)
      missing += columns[place].builder.rowSize
    }
  }

  private mutating func reportTooMany(at start: Int) {
    problems.add(
      "out-of-range", at: .bytes(start..<start),
      "up to row \(starts.count) there are \(columns.count) keys, and rows lack \(missing) values",
      help: "Write what a row lists as an array, or in rows of its own.")
  }

  private mutating func readObject(
    _ scanner: inout JSONLinesScanner
  ) throws(JSONLinesScanner.Problem) {
    guard scanner.skip("{") else { throw scanner.unexpected() }
    if !scanner.skip("}") {
      // Rows mostly have the keys of the row before in the same order.
      var expected = 0
      repeat {
        scanner.skipBlanks()
        let place = scanner.place
        let position = try key(&scanner, expected)
        guard scanner.skip(":") else { throw scanner.unexpected() }
        try readValue(&scanner, position, keyPlace: place)
        expected = position + 1
      } while scanner.skip(",")
      guard scanner.skip("}") else { throw scanner.unexpected() }
    }
    scanner.skipBlanks()
    guard scanner.isAtEnd else {
      throw JSONLinesScanner.Problem(
        kind: .syntax("more text follows the object", help: "Write one object a line."),
        place: scanner.place)
    }
  }

  /// The position of the column of a key, which is added if it is new.
  private mutating func key(
    _ scanner: inout JSONLinesScanner, _ expected: Int
  ) throws(JSONLinesScanner.Problem) -> Int {
    let (raw, decoded) = try scanner.string()
    if decoded == nil, expected < columns.count, scanner.equals(raw, columns[expected].key) {
      return expected
    }
    let name = decoded ?? scanner.decoded(raw)
    if let position = positions[name] { return position }
    positions[name] = columns.count
    var builder = ColumnBuilder(name)
    builder.fill(to: starts.count - 1)
    missing += starts.count - 1
    columns.append(Column(key: Array(name.utf8), builder: builder))
    return columns.count - 1
  }

  private mutating func readValue(
    _ scanner: inout JSONLinesScanner, _ position: Int, keyPlace: Int
  ) throws(JSONLinesScanner.Problem) {
    scanner.skipBlanks()
    let place = scanner.place
    let name = columns[position].builder.name
    let value: JSONLinesScanner.Value
    do throws(JSONLinesScanner.Problem) {
      value = try scanner.value()
    } catch {
      guard case .unsupported(let what) = error.kind else { throw error }
      problems.add(
        "unsupported-values", at: .bytes(error.place..<error.place + 1),
        "row \(starts.count), key '\(shortened(name))' is \(what)",
        help: "A value is a number, a text, true, false, null, or an array of numbers of one shape."
      )
      // Where it ends is not known, so the rest of the line is left out.
      throw JSONLinesScanner.Problem(kind: .unsupported(""), place: error.place)
    }
    guard columns[position].builder.rowCount < starts.count else {
      problems.add(
        "duplicate-column-name", at: .bytes(keyPlace..<keyPlace + 1),
        "row \(starts.count) has the key '\(shortened(name))' twice", help: "Take one out.")
      return
    }
    let fits: Bool
    let found: ColumnBuilder.Kind
    switch value {
    case .missing:
      missing += columns[position].builder.rowSize - 1
      return columns[position].builder.appendMissing()
    case .number(let number):
      found = .numbers
      fits = columns[position].builder.append(number)
    case .word(let word):
      found = .words
      fits = columns[position].builder.append(word)
    case .array(let numbers, let sizes):
      found = .arrays(sizes)
      if columns[position].builder.kind == nil {
        // The rows before it become missing arrays of its size, if so many can be.
        let (before, overflows) =
          columns[position].builder.rowCount.multipliedReportingOverflow(by: numbers.count)
        missing = overflows || before > limit ? limit + 1 : missing + before
        guard missing <= limit else { return }
      }
      fits = columns[position].builder.append(numbers, sizes: sizes)
    }
    if !fits, let kind = columns[position].builder.kind {
      problems.add(
        "mixed-values", at: .bytes(place..<scanner.place),
        "row \(starts.count), key '\(shortened(name))' is \(found.described), in the rows before it "
          + "is \(kind.described)", help: "All values of a key are of one kind.")
    }
  }

  private mutating func report(_ problem: JSONLinesScanner.Problem) {
    guard case .syntax(let reason, let help) = problem.kind else { return }
    problems.add(
      "bad-json", at: .bytes(problem.place..<problem.place),
      "row \(starts.count) is not JSON: \(reason)", help: help)
  }
}
