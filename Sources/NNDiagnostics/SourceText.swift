/// A text a person wrote, with the name it is shown by.
///
/// Offsets are bytes of the UTF-8 text, lines count from one, and columns count characters
/// (extended grapheme clusters) from one, so that a caret stands under what the reader sees.
package struct SourceText: Sendable {
  /// The path as the person typed it, or a name such as `<standard input>`.
  package let name: String
  /// The whole text.
  package let text: String
  /// The byte offset at which each line begins.
  private let lineStarts: [Int]

  package init(name: String, text: String) {
    self.name = name
    var text = text
    text.makeContiguousUTF8()
    self.text = text
    var starts = [0]
    var offset = 0
    for byte in text.utf8 {
      offset += 1
      if byte == UInt8(ascii: "\n") { starts.append(offset) }
    }
    lineStarts = starts
  }

  /// How many lines the text has; a text without a newline has one.
  package var lineCount: Int { lineStarts.count }

  /// Finds a line.
  ///
  /// - Parameter number: Counts from one.
  /// - Returns: The line without its line break, or nil where there is no such line.
  package func line(_ number: Int) -> Substring? {
    guard number >= 1, number <= lineStarts.count else { return nil }
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: lineStarts[number - 1])
    let next =
      number < lineStarts.count
      ? utf8.index(utf8.startIndex, offsetBy: lineStarts[number]) : utf8.endIndex
    var line = text[start..<next]
    while let last = line.last, last.isNewline { line.removeLast() }
    return line
  }

  /// The position of a byte offset; offsets past the end are the end's.
  package func position(atOffset offset: Int) -> SourcePosition {
    let offset = min(max(offset, 0), text.utf8.count)
    var low = 0
    var high = lineStarts.count - 1
    while low < high {
      let middle = (low + high + 1) / 2
      if lineStarts[middle] <= offset { low = middle } else { high = middle - 1 }
    }
    let utf8 = text.utf8
    let start = utf8.index(utf8.startIndex, offsetBy: lineStarts[low])
    let end = utf8.index(utf8.startIndex, offsetBy: offset)
    return SourcePosition(offset: offset, line: low + 1, column: text[start..<end].count + 1)
  }
}

/// A place in a text.
package struct SourcePosition: Hashable, Sendable, Comparable {
  /// Bytes from the start of the text.
  package let offset: Int
  /// Counts from one.
  package let line: Int
  /// Counts characters from one.
  package let column: Int

  package init(offset: Int, line: Int, column: Int) {
    self.offset = offset
    self.line = line
    self.column = column
  }

  package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
    left.offset < right.offset
  }

  /// The first character of a text.
  package static let start = SourcePosition(offset: 0, line: 1, column: 1)
}

/// A stretch of a text; `end` is just behind its last character.
package struct SourceRange: Hashable, Sendable {
  package let start: SourcePosition
  package let end: SourcePosition

  package init(_ start: SourcePosition, _ end: SourcePosition) {
    self.start = start
    self.end = end
  }

  /// The empty stretch at the beginning of a text, for what concerns the text as a whole.
  package static let beginning = SourceRange(.start, .start)
}
