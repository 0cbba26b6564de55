import NNDiagnostics

/// What is checked on the text itself, before, beside and behind libyaml.
extension TreeBuilder {
  /// Reports characters and directives that libyaml must not see, and says whether it may begin.
  mutating func checkText() -> Bool {
    checkCharacters()
    checkDirectives()
    return diagnostics.isEmpty
  }

  /// Reports control characters, and the line breaks that YAML 1.1 had beyond those of 1.2:
  /// libyaml would fold these, which would change the text in silence.
  private mutating func checkCharacters() {
    let most = 20
    var offset = positions.contentStart
    let bytes = positions.bytes
    while offset < bytes.count, diagnostics.count < most {
      let byte = bytes[offset]
      if byte >= 0x20, byte < 0x7F || byte > 0xC2 && byte != 0xE2 && byte != 0xEF {
        offset += 1
        continue
      }
      let following = offset + 1 < bytes.count ? bytes[offset + 1] : 0
      switch (byte, following) {
      case (0x09, _), (0x0A, _), (0x0D, 0x0A): break
      case (0..<0x20, _), (0x7F, _): reportCharacter(UInt32(byte), at: offset, length: 1)
      case (0xC2, 0x80..<0xA0): reportCharacter(UInt32(following), at: offset, length: 2)
      case (0xE2, 0x80), (0xEF, 0xBB), (0xEF, 0xBF):
        let scalar =
          UInt32(byte & 0x0F) << 12 | UInt32(following & 0x3F) << 6
          | UInt32(bytes[offset + 2] & 0x3F)
        if [0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF].contains(scalar) {
          reportCharacter(scalar, at: offset, length: 3)
        }
      default: break
      }
      offset += 1
    }
  }

  private mutating func reportCharacter(_ scalar: UInt32, at offset: Int, length: Int) {
    let digits = String(scalar, radix: 16, uppercase: true)
    let name = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    let message: String
    let help: String
    switch scalar {
    case 0x0D:
      message = "a carriage return stands without a line feed"
      help = "End lines with a line feed."
    case 0xFEFF:
      message = "a byte order mark (\(name)) stands inside the text"
      help = "Remove it; two files may have been joined."
    default:
      message = "the control character \(name) is not allowed"
      let escape = scalar < 0x100 ? "\\x" + digits.leftPadded(2) : "\\u" + digits.leftPadded(4)
      help = "Remove it, or write '\(escape)' in double quotes."
    }
    report(
      "control-character", message, at: positions.range(offset, offset + length), help: help)
  }

  /// Reports `%` lines at the beginning. `%TAG` in particular would take libyaml time in the
  /// square of the number of lines.
  private mutating func checkDirectives() {
    var offset = positions.contentStart
    let bytes = positions.bytes
    while offset < bytes.count {
      let lineEnd = positions.lineEnd(of: offset)
      if offset < lineEnd, bytes[offset] == UInt8(ascii: "%") {
        let line = String(decoding: bytes[offset..<lineEnd], as: UTF8.self)
        let words = line.split { $0 == " " || $0 == "\t" }
        guard words.count >= 2, words[0] == "%YAML", words[1] == "1.2" else {
          report(
            "unknown-directive", "the only directive is '%YAML 1.2'",
            at: positions.range(offset, lineEnd),
            help: "Remove the line. A text that begins with '%' needs quotes.")
          return
        }
      } else {
        let text = bytes[offset..<max(offset, lineEnd)].first { !$0.isYAMLWhitespace }
        guard text == nil || text == UInt8(ascii: "#") else { return }
      }
      offset = max(offset, lineEnd)
      while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      offset += 1
    }
  }

  /// Reports a token that only tabs and spaces precede on its line. libyaml lets tabs pass inside
  /// brackets; how far they indent depends on who looks.
  mutating func checkForTab(before offset: Int) {
    let bytes = positions.bytes
    var place = offset
    var hasTab = false
    while place > positions.contentStart {
      let byte = bytes[place - 1]
      guard byte == 0x20 || byte == 0x09 else { break }
      hasTab = hasTab || byte == 0x09
      place -= 1
    }
    guard hasTab, place == positions.contentStart || bytes[place - 1] == 0x0A,
      place != lastTabLine, offset < bytes.count, !bytes[offset].isYAMLWhitespace
    else { return }
    lastTabLine = place
    reportTab(place, offset)
  }

  mutating func reportTab(_ start: Int, _ end: Int) {
    report(
      "tab-indentation", "tabs cannot indent YAML", at: positions.range(start, end),
      help: "Indent with spaces, two for each level.")
  }

  /// Reports `{units:1}`, which YAML reads as the key `units:1` without a value, and returns the
  /// entry that was meant. Nil if the key has no colon.
  mutating func splitAtBareColon(_ entry: YAMLMapping.Entry) -> YAMLMapping.Entry? {
    let (start, end) = (entry.keyRange.start.offset, entry.keyRange.end.offset)
    guard let colon = bareColon(start, end) else { return nil }
    reportMissingSpace(colon)
    let name = text(start, colon)
    guard entryIndex(of: name) == nil else { return nil }
    let value = text(colon + 1, end)
    let resolution = CoreSchema.resolve(value)
    let meaning: YAMLValue =
      if case .value(let meaning) = resolution { meaning } else { .string(value) }
    let scalar = YAMLScalar(text: value, isPlain: true, value: meaning)
    return YAMLMapping.Entry(
      key: name, keyRange: positions.range(start, colon),
      value: YAMLNode(.scalar(scalar), at: positions.range(colon + 1, end)))
  }

  mutating func reportMissingSpace(_ colon: Int) {
    report(
      "missing-space", "a space is missing after ':'",
      at: positions.range(colon, colon + 1),
      help: "Write 'key: value'. Put quotes around a text that has a colon.")
  }

  /// Reports what follows the end of the document.
  mutating func checkRest(from end: Int) {
    let bytes = positions.bytes
    var offset = end
    while offset < bytes.count {
      let isLineStart = offset == positions.contentStart || bytes[offset - 1] == 0x0A
      if bytes[offset].isYAMLWhitespace {
        offset += 1
      } else if bytes[offset] == UInt8(ascii: "#"),
        isLineStart || bytes[offset - 1].isYAMLWhitespace
      {
        while offset < bytes.count, bytes[offset] != 0x0A { offset += 1 }
      } else if isLineStart, bytes[offset...].starts(with: [0x2E, 0x2E, 0x2E]) {
        offset += 3
      } else {
        break
      }
    }
    guard offset < bytes.count else { return }
    if bytes[offset...].starts(with: [0x2D, 0x2D, 0x2D]) {
      report(
        "several-documents", "a file holds one document, and another begins here",
        at: positions.range(offset, offset + 3),
        help: "Put it into a file of its own, or remove the line.")
    } else {
      explainRest(at: offset)
    }
  }

  /// The tree, unless there is none.
  mutating func finishDocument() -> YAMLNode? {
    explainEarlyAliases()
    if let root, root.start < root.end || root.node.scalar == nil || root.isTagged {
      return root.node
    }
    if diagnostics.isEmpty {
      report(
        "empty-file", "the file is empty", at: .beginning,
        help: "A model file begins with 'nnc: 1'.")
    }
    return nil
  }
}

extension String {
  fileprivate func leftPadded(_ width: Int) -> String {
    String(repeating: "0", count: max(0, width - count)) + self
  }
}
