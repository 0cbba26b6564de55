package import NNDiagnostics
package import NNJSON
import NNModel

/// A document a line, maybe behind a label.
package struct LinesFormat: TypedFormat {
  package static let word = LinesSource.word

  /// The names of its columns.
  static let text = "text"
  static let label = "label"

  let label: LineLabel

  package var members: [JSONValue.Member] { [.init("label", JSONValue(label.rawValue))] }

  init(label: LineLabel) { self.label = label }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    guard let label = LineLabel(rawValue: try object.takeText("label")) else {
      throw object.wrong("label", LineLabel.expectation)
    }
    self.label = label
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    var problems = TableProblems()
    guard checkText(bytes, name: name, &problems) else {
      return (nil, problems.diagnostics(file: name, bytes: bytes))
    }
    var reading = LinesReading(label: label)
    bytes.withBytes { reading.read($0.bindMemory(to: UInt8.self)) }
    if reading.problems.isEmpty, reading.starts.isEmpty {
      reading.problems.add("no-rows", at: .bytes(0..<0), "'\(name)' has no lines with a text")
    }
    guard reading.problems.isEmpty else {
      return (nil, reading.problems.diagnostics(file: name, bytes: bytes))
    }
    let texts = TypedColumn(Self.text, reading.texts.values)
    let labels = label == .none ? [] : [TypedColumn(Self.label, reading.labels.values)]
    let table = Table(
      name: name, columns: labels + [texts], format: .typed(self), text: bytes,
      rowStarts: reading.starts)
    return (table, [])
  }
}

/// What was read of a file so far.
private struct LinesReading {
  let label: LineLabel
  var texts = WordCodes()
  var labels = WordCodes()
  var starts: [Int] = []
  var problems = TableProblems()

  init(label: LineLabel) { self.label = label }

  private static let mark = Array("__label__".utf8)

  mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
    for line in TextLines(bytes) where !line.allSatisfy({ isBlank(bytes[$0]) }) {
      starts.append(line.lowerBound)
      var text = line
      switch label {
      case .none: break
      case .tab: takeLabel(&text, bytes)
      case .fasttext: takeMarkedLabel(&text, bytes)
      }
      let isNothing = text.allSatisfy { isBlank(bytes[$0]) }
      if isNothing { texts.appendMissing() } else { texts.append(word(text, bytes)) }
    }
  }

  /// Takes what stands before a tab.
  private mutating func takeLabel(_ text: inout Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) {
    let tab = firstOffset(of: 0x09, in: bytes, from: text.lowerBound) ?? bytes.count
    guard tab < text.upperBound else { return labels.appendMissing() }
    append(label: text.lowerBound..<tab, bytes)
    text = tab + 1..<text.upperBound
  }

  /// Takes `__label__` and what stands behind it up to a blank.
  private mutating func takeMarkedLabel(
    _ text: inout Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    guard isMarked(text, bytes) else { return labels.appendMissing() }
    let end = text.first { isBlank(bytes[$0]) } ?? text.upperBound
    append(label: text.lowerBound + Self.mark.count..<end, bytes)
    let rest = text[end...].drop { isBlank(bytes[$0]) }
    text = rest.startIndex..<text.upperBound
    guard isMarked(text, bytes) else { return }
    problems.add(
      "unsupported-values", at: .bytes(text.lowerBound..<text.lowerBound + Self.mark.count),
      "row \(starts.count) has more than one label",
      help: "A row is of one class; write it once for each label, or keep one.")
  }

  private func isMarked(_ text: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes[text].starts(with: Self.mark)
  }

  private mutating func append(label range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) {
    let label = trimmed(Array(bytes[range]))
    if label.isEmpty {
      labels.appendMissing()
    } else {
      labels.append(String(decoding: label, as: UTF8.self))
    }
  }

  private func word(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
  }
}
