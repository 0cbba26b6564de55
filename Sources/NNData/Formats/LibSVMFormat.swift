package import NNDiagnostics
package import NNJSON
import NNTensor

/// A label a line, and the numbers of its features that are not zero.
package struct LibSVMFormat: TypedFormat {
  package static let word = LibSVMSource.word

  /// How many features a row has; nil of as many as the greatest index tells.
  let features: Int?
  /// The index of the first feature; nil of what the indices tell.
  let first: Int?

  package var members: [JSONValue.Member] {
    [("features", features), ("first", first)].compactMap { name, number in
      number.map { .init(name, JSONValue($0)) }
    }
  }

  init(features: Int? = nil, first: Int? = nil) {
    self.features = features
    self.first = first
  }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    features = object.has("features") ? try object.takeCount("features") : nil
    switch object.takeOptional("first") {
    case nil: first = nil
    case .integer(let number)? where number == 0 || number == 1: first = Int(number)
    default: throw object.wrong("first", "0 or 1")
    }
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    var problems = TableProblems()
    guard checkText(bytes, name: name, &problems) else {
      return (nil, problems.diagnostics(file: name, bytes: bytes))
    }
    var reading = LibSVMReading(limit: (features ?? LibSVMFormat.mostFeatures) + (first ?? 0))
    bytes.withBytes { reading.read($0.bindMemory(to: UInt8.self)) }
    let columns = columns(&reading, name)
    guard reading.problems.isEmpty else {
      return (nil, reading.problems.diagnostics(file: name, bytes: bytes))
    }
    let table = Table(
      name: name, columns: columns, format: .typed(self), text: bytes,
      rowStarts: reading.lineStarts)
    return (table, [])
  }

  /// More make rows that no memory holds.
  static let mostFeatures = 1 << 24

  private func columns(_ reading: inout LibSVMReading, _ name: String) -> [TypedColumn] {
    guard !reading.labels.isEmpty else {
      reading.problems.add("no-rows", at: .bytes(0..<0), "'\(name)' has no rows")
      return []
    }
    // A file with an index of zero counts from zero; others count from one.
    let first = first ?? (reading.smallest == 0 ? 0 : 1)
    let width = features ?? max(reading.greatest - first + 1, 1)
    if let place = reading.firstPlace(below: first) ?? reading.firstPlace(from: first + width) {
      reading.problems.add(
        "bad-index", at: .bytes(place..<place + 1),
        "an index is outside of \(first) to \(first + width - 1)",
        help: "'features' says how many there are, 'first' which index is the first.")
      return []
    }
    guard width <= (1 << 31) / reading.labels.count else {
      reading.problems.add(
        "out-of-range", at: .bytes(0..<0),
        "\(reading.labels.count) rows of \(width) features are more than fit into memory")
      return []
    }
    let sparse = SparseColumn(
      width: width, starts: reading.starts,
      places: reading.indices.map { $0 - Int32(first) }, values: reading.values)
    var columns = [
      TypedColumn("label", .numbers(reading.labels)), TypedColumn("features", .tensors(sparse)),
    ]
    if let queries = reading.queries { columns.append(TypedColumn("qid", .numbers(queries))) }
    return columns
  }
}

/// What was read of a file so far.
private struct LibSVMReading {
  var labels: [Double] = []
  /// The query of each row, where rows have them.
  var queries: [Double]?
  var starts = [0]
  var indices: [Int32] = []
  var values: [Float] = []
  var lineStarts: [Int] = []
  var problems = TableProblems()
  /// Where each index stands in the text, which only a finding asks for.
  private var places: [Int] = []
  /// Indices are below it.
  private let limit: Int

  init(limit: Int) { self.limit = min(limit, LibSVMFormat.mostFeatures + 1) }

  var smallest: Int32 { indices.min() ?? 1 }
  var greatest: Int { Int(indices.max() ?? 0) }

  func firstPlace(below bound: Int) -> Int? {
    indices.firstIndex { Int($0) < bound }.map { places[$0] }
  }

  func firstPlace(from bound: Int) -> Int? {
    indices.firstIndex { Int($0) >= bound }.map { places[$0] }
  }

  mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
    for line in TextLines(text) {
      let hash = firstOffset(
        of: UInt8(ascii: "#"), in: .init(rebasing: text[..<line.upperBound]), from: line.lowerBound)
      let content = line.lowerBound..<(hash ?? line.upperBound)
      var words = Words(text, content)
      guard let label = words.next() else { continue }
      lineStarts.append(line.lowerBound)
      readRow(label, &words, text)
      starts.append(indices.count)
    }
  }

  private mutating func readRow(
    _ label: Range<Int>, _ words: inout Words, _ text: UnsafeBufferPointer<UInt8>
  ) {
    let row = lineStarts.count
    labels.append(number(label, text, "the label") ?? 0)
    let most = limit
    var last: Int32 = -1
    var query: Double?
    while let word = words.next() {
      let colon = firstOffset(
        of: UInt8(ascii: ":"), in: .init(rebasing: text[..<word.upperBound]), from: word.lowerBound)
      guard let colon else {
        problems.add(
          "bad-index", at: .bytes(word), "row \(row): '\(shown(word, text))' is no index and value",
          help: "A feature is written index:value; a row has one label.")
        continue
      }
      let value = number(colon + 1..<word.upperBound, text, "the value")
      if text[word.lowerBound..<colon].elementsEqual("qid".utf8) {
        query = value
        continue
      }
      let decoded = String(decoding: text[word.lowerBound..<colon], as: UTF8.self)
      guard decoded.utf8.allSatisfy({ $0 &- 0x30 < 10 }), let index = Int32(decoded),
        index <= limit, index > last
      else {
        problems.add(
          "bad-index", at: .bytes(word.lowerBound..<colon),
          "row \(row): the index \(shown(word.lowerBound..<colon, text)) is not a whole number above "
            + "the one before it, and at most \(most)",
          help: "Indices ascend within a row.")
        continue
      }
      last = index
      indices.append(index)
      values.append(Float(value ?? 0))
      places.append(word.lowerBound)
    }
    noteQuery(query, row)
  }

  private mutating func noteQuery(_ query: Double?, _ row: Int) {
    if queries == nil, let query, row == 1 {
      queries = [query]
    } else if queries != nil, let query {
      queries?.append(query)
    } else if queries != nil || query != nil {
      let start = lineStarts[row - 1]
      problems.add(
        "uneven-row", at: .bytes(start..<start),
        "row \(row) has \(query == nil ? "no qid, as rows before it have" : "a qid, rows before it have none")"
      )
      queries?.append(0)
    }
  }

  private mutating func number(
    _ word: Range<Int>, _ text: UnsafeBufferPointer<UInt8>, _ what: String
  ) -> Double? {
    let row = lineStarts.count
    let value = decimal(Array(text[word]))
    if let value, abs(value) <= Double(Float.greatestFiniteMagnitude) { return value }
    problems.add(
      "bad-number", at: .bytes(word),
      "row \(row): \(what) '\(shown(word, text))' is not a number that a 32-bit float "
        + "holds")
    return nil
  }

  /// What stands between blanks.
  private struct Words {
    private let text: UnsafeBufferPointer<UInt8>
    private var place: Int
    private let end: Int

    init(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
      self.text = text
      place = line.lowerBound
      end = line.upperBound
    }

    mutating func next() -> Range<Int>? {
      while place < end, isBlank(text[place]) { place += 1 }
      guard place < end else { return nil }
      let start = place
      while place < end, !isBlank(text[place]) { place += 1 }
      return start..<place
    }
  }
}

private func shown(_ range: Range<Int>, _ text: UnsafeBufferPointer<UInt8>) -> String {
  shortened(Array(text[range]))
}
