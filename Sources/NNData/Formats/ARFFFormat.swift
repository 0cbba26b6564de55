package import NNDiagnostics
import NNJSON

/// The tables of Weka and OpenML: attributes with their types, then rows.
package struct ARFFFormat: TypedFormat {
  package static let word = ARFFSource.word

  package init() {}
  package init(_ object: inout JSONObject) throws(PreprocessingError) {}

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    var problems = TableProblems()
    guard checkText(bytes, name: name, &problems) else {
      return (nil, problems.diagnostics(file: name, bytes: bytes))
    }
    var reading = ARFFReading()
    bytes.withBytes { reading.read($0.bindMemory(to: UInt8.self)) }
    if reading.problems.isEmpty, reading.starts.isEmpty {
      reading.problems.add(
        "no-rows", at: .bytes(0..<0), "'\(name)' has no rows",
        help: "They stand behind a line that says @data.")
    }
    guard reading.problems.isEmpty else {
      return (nil, reading.problems.diagnostics(file: name, bytes: bytes))
    }
    let table = Table(
      name: name, columns: reading.attributes.map(\.column), format: .typed(self), text: bytes,
      rowStarts: reading.starts)
    return (table, [])
  }
}

/// What was read of a file so far.
private struct ARFFReading {
  var attributes: [ARFFAttribute] = []
  var starts: [Int] = []
  var problems = TableProblems()
  private var isInData = false
  private var names: Set<String> = []
  /// How many values there may be.
  private var limit = 0

  mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    limit = mostUnwritten(inBytes: text.count)
    for line in TextLines(text) {
      var scanner = ARFFScanner(text, line)
      guard let sign = scanner.peek(), sign != UInt8(ascii: "%") else { continue }
      do throws(ARFFScanner.Problem) {
        if isInData {
          starts.append(line.lowerBound)
          try readRow(&scanner)
        } else {
          try readDeclaration(&scanner)
        }
      } catch {
        problems.add(error.code, at: .bytes(error.place), error.message, help: error.help)
        // Without its attributes no row can be read, and what is too large does not become smaller.
        if !isInData || error.code == "out-of-range" { return }
      }
      // Columns of different lengths become no table: where a row ended early, there is a problem.
      // Filled up, a byte a row would stand for a value of every attribute.
    }
  }

  private mutating func readDeclaration(
    _ scanner: inout ARFFScanner
  ) throws(ARFFScanner.Problem) {
    let start = scanner.place
    switch scanner.keyword() {
    case "@relation": return
    case "@data":
      guard !attributes.isEmpty else {
        throw .init(scanner, from: start, "bad-attribute", "there is no @attribute before @data")
      }
      isInData = true
    case "@attribute":
      let attribute = try ARFFAttribute(&scanner)
      if !names.insert(attribute.name).inserted {
        throw .init(
          scanner, from: start, "duplicate-column-name",
          "two attributes are named '\(shortened(attribute.name))'")
      }
      attributes.append(attribute)
    default:
      throw .init(
        scanner, from: start, "bad-attribute",
        "before @data a line is @relation, @attribute or a remark behind %")
    }
  }

  private mutating func readRow(_ scanner: inout ARFFScanner) throws(ARFFScanner.Problem) {
    let start = scanner.place
    if scanner.skip("{") { return try readSparse(&scanner) }
    for index in attributes.indices {
      if index > 0, !scanner.skip(",") {
        throw uneven(scanner, from: start, "has \(index) values")
      }
      try readValue(&scanner, index)
    }
    guard scanner.peek() == nil else {
      throw uneven(scanner, from: scanner.place, "has more values")
    }
  }

  /// A row of pairs, in which every attribute that is not named is zero, or its first class.
  private mutating func readSparse(_ scanner: inout ARFFScanner) throws(ARFFScanner.Problem) {
    let start = scanner.place
    // A few bytes of a sparse row stand for a value of every attribute.
    let (values, overflows) = attributes.count.multipliedReportingOverflow(by: starts.count)
    guard !overflows, values <= limit else {
      throw .init(
        scanner, from: start, "out-of-range",
        "up to row \(starts.count) there are \(values) values, zeros too",
        help: "Write sparse rows of many numbers as LIBSVM does.")
    }
    var next = 0
    while scanner.peek() != UInt8(ascii: "}") {
      let place = scanner.place
      let text = try scanner.word().text
      guard text.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let index = Int(text),
        index < attributes.count, index >= next
      else {
        throw .init(
          scanner, from: place, "bad-index",
          "row \(starts.count): '\(shortened(text))' is no number of an attribute above the one "
            + "before it",
          help: "Attributes count from zero.")
      }
      for skipped in next..<index { attributes[skipped].appendDefault() }
      try readValue(&scanner, index)
      next = index + 1
      if !scanner.skip(",") { break }
    }
    guard scanner.skip("}"), scanner.peek() == nil else {
      throw uneven(scanner, from: start, "is sparse and does not end with a brace")
    }
    for skipped in next..<max(next, attributes.count) { attributes[skipped].appendDefault() }
  }

  private mutating func readValue(
    _ scanner: inout ARFFScanner, _ index: Int
  ) throws(ARFFScanner.Problem) {
    _ = scanner.peek()
    let start = scanner.place
    let (text, isQuoted) = try scanner.word()
    if text == "?", !isQuoted { return attributes[index].appendMissing() }
    if let problem = attributes[index].append(text, row: starts.count) {
      // The rest of the row may be right, or wrong too.
      problems.add(
        problem.code, at: .bytes(start..<scanner.place), problem.message, help: problem.help)
      attributes[index].appendMissing()
    }
  }

  private func uneven(
    _ scanner: ARFFScanner, from start: Int, _ what: String
  ) -> ARFFScanner.Problem {
    .init(
      scanner, from: start, "uneven-row",
      "row \(starts.count) \(what), there are \(attributes.count) attributes",
      help: "Values stand between commas; one with a comma or a blank is quoted.")
  }
}
