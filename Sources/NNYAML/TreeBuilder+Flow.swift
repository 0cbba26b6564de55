import NNDiagnostics

/// Complaints about brackets and braces, and the looks at the text that explanations share.
extension TreeBuilder {
  /// A list in brackets or a mapping in braces meets neither a comma nor its end.
  mutating func explainFlow(_ opening: Int, _ place: Int) {
    let bytes = positions.bytes
    let isList = byte(opening) == UInt8(ascii: "[")
    // The context of `[a: b c: d]` is the pair, not the list; the frame knows the bracket.
    let opening = stack.last(where: \.isFlow)?.start ?? opening
    let bracket = shown(opening).prefix(1)
    let closing = bracket == "{" ? "}" : "]"
    let note = Diagnostic.Note(
      "the '\(bracket)' is opened here", at: positions.range(opening, opening + 1))
    let end = trimmedEnd(place)
    if trimmedStart(place) >= bytes.count {
      return report(
        "unclosed-bracket", "the closing '\(closing)' is missing", at: positions.range(end, end),
        notes: [note])
    }
    let byte = byte(place)
    if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
      return report(
        "mismatched-bracket", "'\(shown(place).prefix(1))' cannot close '\(bracket)'",
        at: positions.range(place, place + 1), label: "expected '\(closing)'", notes: [note])
    }
    let line = positions.lineStart(of: place)
    let isNewLine = firstVisible(line) == place
    if let scalar = lastScalar, scalar.style == .plain, byte == UInt8(ascii: ":"),
      scalar.start < line, scalar.end > line
    {
      // `a: [1, 2` and `b: 3` below: the list swallowed the next line's key.
      let lineEnd = positions.lineEnd(of: scalar.start)
      return report(
        "unclosed-bracket", "a ',' or the closing '\(closing)' is missing",
        at: positions.range(lineEnd, lineEnd), notes: [note])
    }
    if isNewLine {
      return report(
        "unclosed-bracket", "a ',' or the closing '\(closing)' is missing",
        at: positions.range(end, end), notes: [note])
    }
    report(
      "missing-comma", "a ',' or the closing '\(closing)' is missing before this",
      at: positions.range(place, place + 1),
      help: isList && byte == UInt8(ascii: ":")
        ? "Put braces around each mapping in a list: '[{a: 1}, {b: 2}]'." : nil,
      notes: [note])
  }

  /// Something stands where a value is expected.
  mutating func explainMissingValue(_ place: Int) {
    let bytes = positions.bytes
    if trimmedStart(place) >= bytes.count, let frame = stack.last(where: \.isFlow) {
      return explainFlow(frame.start, place)
    }
    guard place < bytes.count else {
      return report("missing-value", "a value is missing", at: positions.range(place, place))
    }
    let isFlow = stack.last?.isFlow ?? false
    switch byte(place) {
    case UInt8(ascii: "]"), UInt8(ascii: "}"):
      if isFlow {
        explainFlow(stack[stack.count - 1].start, place)
      } else {
        reportStrayBracket(place)
      }
    case UInt8(ascii: ","):
      report(
        "missing-value",
        isFlow ? "a value is missing before ','" : "a text without quotes cannot begin with ','",
        at: positions.range(place, place + 1),
        help: isFlow ? nil : "Put quotes around it.")
    default:
      report(
        "missing-value", "a value is missing before this",
        at: positions.range(place, place + 1))
    }
  }

  mutating func reportStrayBracket(_ place: Int) {
    report(
      "mismatched-bracket", "'\(shown(place).prefix(1))' closes nothing",
      at: positions.range(place, place + 1),
      help: "Remove it, or put quotes around the text it belongs to.")
  }

  // MARK: - Looking at the text

  /// The byte at a place, or zero, which no accepted text has, where there is none.
  func byte(_ place: Int) -> UInt8 {
    positions.bytes.indices.contains(place) ? positions.bytes[place] : 0
  }

  func text(_ start: Int, _ end: Int) -> String {
    let end = min(end, positions.bytes.count)
    guard start < end else { return "" }
    return String(decoding: positions.bytes[start..<end], as: UTF8.self)
  }

  /// The beginning of the text at a place, up to the end of its line, for a message.
  func shown(_ place: Int) -> String {
    let line = positions.bytes[min(place, positions.bytes.count)...].prefix(200)
      .prefix { $0 != 0x0A && $0 != 0x0D }
    return Self.abbreviated(String(decoding: line, as: UTF8.self))
  }

  /// The place of the end of the last visible text before a place.
  func trimmedEnd(_ place: Int) -> Int {
    var end = min(place, positions.bytes.count)
    while end > 0, byte(end - 1).isYAMLWhitespace { end -= 1 }
    return end
  }

  /// The place of the next visible text.
  func trimmedStart(_ place: Int) -> Int {
    var start = place
    while start < positions.bytes.count, byte(start).isYAMLWhitespace { start += 1 }
    return start
  }

  func firstVisible(_ lineStart: Int) -> Int {
    var place = lineStart
    while place < positions.bytes.count,
      byte(place) == 0x20 || byte(place) == 0x09
    {
      place += 1
    }
    return place
  }

  /// The first colon of a line that is followed by something other than a space.
  func bareColon(_ start: Int, _ end: Int) -> Int? {
    let end = min(end, positions.bytes.count)
    guard start < end else { return nil }
    return positions.bytes[start..<end].firstIndex(of: UInt8(ascii: ":"))
  }

  /// The place behind the word that begins at a place.
  func token(from place: Int) -> Int {
    var end = place
    while end < positions.bytes.count, !byte(end).isYAMLWhitespace { end += 1 }
    return max(end, min(place + 1, positions.bytes.count))
  }

  /// Whether the block collection that begins at a place is a list.
  func isList(_ place: Int) -> Bool {
    guard place < positions.bytes.count, byte(place) == UInt8(ascii: "-") else {
      return false
    }
    return place + 1 == positions.bytes.count || byte(place + 1).isYAMLWhitespace
  }
}
