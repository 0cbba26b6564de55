import NNDiagnostics

/// Turns libyaml's marks into positions.
///
/// libyaml counts code points; a position has the byte offset and counts characters as readers
/// see them. Both conversions are cheap wherever the text is ASCII, and elsewhere remember where
/// they have been, so that even a text of one huge line costs time in proportion to its length.
struct TextPositions {
  let source: SourceText
  let bytes: [UInt8]
  /// Where the YAML begins: behind a byte order mark, if there is one.
  let contentStart: Int

  /// The byte offset of each 64th code point; empty if all code points are single bytes.
  private var scalarOffsets: [Int] = []
  private static let stride = 64

  private var lineStarts: [Int] = [0]
  private var lineIsASCII: [Bool] = []
  /// The line (from zero) asked for last, since the next is most often the same or the one below.
  private var line = 0
  /// Known character boundaries of one line that is not ASCII, in ascending order.
  private var knownLine = -1
  private var known: [(offset: Int, column: Int)] = []
  /// The boundary of that line asked for last, since the next place is most often just behind it.
  private var recent = (offset: 0, column: 1)

  init(source: SourceText) {
    self.source = source
    bytes = Array(source.text.utf8)
    contentStart = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0

    var isASCII = true
    var lineIsASCII = true
    for (offset, byte) in bytes.enumerated() {
      if byte == UInt8(ascii: "\n") {
        lineStarts.append(offset + 1)
        self.lineIsASCII.append(lineIsASCII)
        lineIsASCII = true
      } else if byte >= 0x80 {
        lineIsASCII = false
        isASCII = false
      }
    }
    self.lineIsASCII.append(lineIsASCII)

    guard !isASCII else { return }
    var count = 0
    for offset in contentStart..<bytes.count where bytes[offset] & 0xC0 != 0x80 {
      if count % Self.stride == 0 { scalarOffsets.append(offset) }
      count += 1
    }
  }

  /// The byte offset of a code point, counted as libyaml does.
  func offset(ofScalar index: Int) -> Int {
    guard !scalarOffsets.isEmpty else { return min(contentStart + index, bytes.count) }
    let checkpoint = index / Self.stride
    guard checkpoint < scalarOffsets.count else { return bytes.count }
    var offset = scalarOffsets[checkpoint]
    for _ in 0..<index % Self.stride {
      offset += 1
      while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    }
    return min(offset, bytes.count)
  }

  /// The same as ``SourceText/position(atOffset:)``, without walking a long line each time.
  mutating func position(_ offset: Int) -> SourcePosition {
    var offset = min(max(offset, 0), bytes.count)
    // "One byte further" may be inside a code point; its end is meant.
    while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    moveToLine(of: offset)
    let start = lineStarts[line]
    let column = lineIsASCII[line] ? offset - start + 1 : countedColumn(offset)
    return SourcePosition(offset: offset, line: line + 1, column: column)
  }

  mutating func range(_ start: Int, _ end: Int) -> SourceRange {
    let first = position(start)
    return SourceRange(first, start == end ? first : position(end))
  }

  /// The byte offset at which the line of an offset begins.
  mutating func lineStart(of offset: Int) -> Int {
    moveToLine(of: offset)
    return lineStarts[line]
  }

  /// The byte offset behind the last visible byte of the line of an offset.
  mutating func lineEnd(of offset: Int) -> Int {
    moveToLine(of: offset)
    let next = line + 1 < lineStarts.count ? lineStarts[line + 1] : bytes.count
    var end = next
    while end > lineStarts[line], bytes[end - 1].isYAMLWhitespace { end -= 1 }
    return end
  }

  private mutating func moveToLine(of offset: Int) {
    if lineStarts[line] <= offset {
      if line + 1 == lineStarts.count || offset < lineStarts[line + 1] { return }
      line += 1
      if line + 1 == lineStarts.count || offset < lineStarts[line + 1] { return }
    }
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    line = low
  }

  private mutating func countedColumn(_ offset: Int) -> Int {
    if knownLine != line {
      knownLine = line
      known = [(lineStarts[line], 1)]
      recent = known[0]
    }
    let text = source.text
    var (boundary, column) = recent.offset <= offset ? recent : nearestKnown(offset)
    defer { recent = (boundary, column) }
    var index = text.utf8.index(text.startIndex, offsetBy: boundary)
    while boundary < offset {
      let next = text.index(after: index)
      let nextBoundary = text.utf8.distance(from: text.startIndex, to: next)
      // An offset inside a character counts as behind that character's first part.
      guard nextBoundary <= offset else { return column + 1 }
      (index, boundary, column) = (next, nextBoundary, column + 1)
      if let last = known.last, boundary >= last.offset + Self.stride {
        known.append((boundary, column))
      }
    }
    return column
  }

  private func nearestKnown(_ offset: Int) -> (offset: Int, column: Int) {
    var low = 0
    var high = known.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if known[middle].offset <= offset { low = middle } else { high = middle - 1 }
    }
    return known[low]
  }
}

extension UInt8 {
  /// Space, tab, line feed or carriage return.
  var isYAMLWhitespace: Bool { self == 0x20 || self == 0x09 || self == 0x0A || self == 0x0D }
}
