import NNDiagnostics

/// libyaml's complaints in plain words, each with a way out.
///
/// libyaml says what its scanner could not do. What the person did is guessed from the text at the
/// place and from the events before it.
extension TreeBuilder {
  mutating func explain(_ problem: LibYAMLProblem) {
    let place = positions.offset(ofScalar: problem.place)
    let context = positions.offset(ofScalar: problem.contextPlace)
    guard !problem.isOutOfMemory else {
      return report("out-of-memory", "there is not enough memory", at: positions.range(0, 0))
    }
    switch (problem.context, problem.problem) {
    case (_, "found character that cannot start any token"): explainBadStart(place)
    case (_, "found a tab character that violates indentation"),
      (_, "found a tab character where an indentation space is expected"):
      explainTab(place)
    case ("while scanning an alias", _): explainMark("alias", context)
    case ("while scanning an anchor", _): explainMark("anchor", context)
    case ("while scanning a quoted scalar", _): explainOpenQuote(context, place)
    case ("while parsing a quoted scalar", _): explainEscape(place)
    case ("while scanning a block scalar", _): explainBlockScalar(context, place)
    case ("while scanning a simple key", _): explainMissingColon(context)
    case (_, "mapping values are not allowed in this context"): explainColon(place)
    case (_, "block sequence entries are not allowed in this context"):
      explainDash(place)
    case (_, "did not find expected key"), (_, "did not find expected '-' indicator"):
      explainBlockEnd(context, place)
    case (_, "did not find expected ',' or ']'"), (_, "did not find expected ',' or '}'"):
      explainFlow(context, place)
    case (_, "did not find expected node content"): explainMissingValue(place)
    case ("while parsing a node", _), ("while scanning a tag", _), ("while parsing a tag", _):
      let end = token(from: context)
      let text = Self.abbreviated(text(context, end))
      report(
        "unknown-tag", "'\(text)' is not a tag", at: positions.range(context, end),
        help: "Put quotes around a text that begins with '!'.")
    case ("while scanning a directive", _), ("while scanning a %YAML directive", _),
      ("while scanning a %TAG directive", _), ("while parsing a %TAG directive", _),
      ("while scanning a tag directive", _), ("while parsing a tag directive", _):
      explainReserved("%", context)
    case (_, "did not find expected <document start>"): explainRest(at: place)
    default: explainOther(problem, place)
    }
  }

  // MARK: - Characters that mean something else

  private mutating func explainBadStart(_ place: Int) {
    guard place < positions.bytes.count else { return reportSyntax(place) }
    switch byte(place) {
    case UInt8(ascii: "\t"): explainTab(place)
    case let byte: explainReserved(Character(Unicode.Scalar(byte)), place)
    }
  }

  private mutating func explainReserved(_ character: Character, _ place: Int) {
    let text = shown(place)
    report(
      "reserved-character", "a text without quotes cannot begin with '\(character)'",
      at: positions.range(place, place + 1), help: "Put quotes around it: \"\(text)\".")
  }

  private mutating func explainMark(_ kind: String, _ place: Int) {
    let text = shown(place)
    report(
      "reserved-character",
      "'\(text.prefix(1))' begins an \(kind), but no name made of letters, digits, '-' and '_'"
        + " follows",
      at: positions.range(place, place + 1), help: "Put quotes around a text: \"\(text)\".")
  }

  private mutating func explainTab(_ place: Int) {
    var end = place
    while end < positions.bytes.count, byte(end) == UInt8(ascii: "\t") { end += 1 }
    reportTab(place, end)
  }

  // MARK: - Quotes and block scalars

  private mutating func explainOpenQuote(_ quote: Int, _ place: Int) {
    let mark = shown(quote).prefix(1)
    let end = trimmedEnd(place)
    let opening = Diagnostic.Note(
      "the quote is opened here", at: positions.range(quote, quote + 1))
    report(
      "unclosed-quote", "the closing \(mark) is missing", at: positions.range(end, end),
      help: mark == "'" ? "Inside single quotes an apostrophe is written twice: 'it''s'." : nil,
      notes: [opening])
  }

  private mutating func explainEscape(_ place: Int) {
    // libyaml points behind the letter of an escape with digits.
    var start = place
    while start > 0, byte(start) != UInt8(ascii: "\\"), place - start < 3 { start -= 1 }
    if byte(start) != UInt8(ascii: "\\") { start = place }
    let end = min(start + 2, positions.bytes.count)
    let letter = byte(max(start, end - 1))
    if "xuU".utf8.contains(letter) {
      let digits = positions.bytes[end...].prefix(8).prefix { byte in
        Character(Unicode.Scalar(byte)).isHexDigit
      }
      return report(
        "bad-escape", "'\(text(start, digits.endIndex))' names no character",
        at: positions.range(start, digits.endIndex),
        help: "Write '\\x' with two digits, '\\u' with four or '\\U' with eight. Surrogates are no"
          + " characters.")
    }
    report(
      "bad-escape", "'\(text(start, end))' is no escape that YAML knows",
      at: positions.range(start, end),
      help: "Write '\\\\' for a backslash, or use single quotes, in which nothing is escaped.")
  }

  private mutating func explainBlockScalar(_ start: Int, _ place: Int) {
    let mark = shown(start).prefix(1)
    let end = max(place + 1, positions.lineEnd(of: place))
    report(
      "bad-block-text", "text cannot follow '\(mark)' on its line", at: positions.range(place, end),
      help: "Begin the text on the next line, indented; or, if '\(mark)' belongs to the text,"
        + " put quotes around it.")
  }

  // MARK: - Colons and dashes

  /// A line that should be `key: value` has no colon that counts.
  private mutating func explainMissingColon(_ start: Int) {
    let end = positions.lineEnd(of: start)
    if text(start, end).count > 1000 {
      report(
        "key-too-long", "a key is longer than \(limits.keyLength) characters",
        at: positions.range(start, end))
    } else if byte(start) == UInt8(ascii: "-"), stack.last?.isMapping != true {
      report(
        "missing-space", "a space is missing after '-'", at: positions.range(start, start + 1),
        help: "Write '- entry'. Put quotes around a text that begins with '-'.")
    } else if let colon = bareColon(start, end) {
      reportMissingSpace(colon)
    } else {
      let key = Self.abbreviated(text(start, end))
      report(
        "missing-colon", "'\(key)' stands where a key is expected, without a ':'",
        at: positions.range(start, end), help: "Write 'key: value', or 'key:' above its entries.")
    }
  }

  /// A colon stands where no key can precede it.
  private mutating func explainColon(_ place: Int) {
    let line = positions.lineStart(of: place)
    let end = min(place + 1, positions.bytes.count)
    if place - line > 1024 {
      return report(
        "key-too-long", "a key is longer than \(limits.keyLength) characters",
        at: positions.range(place, end))
    }
    if let scalar = lastScalar, scalar.style == .plain, scalar.start < line, scalar.end > line {
      // The lines before were taken as the beginning of this line's text.
      let firstEnd = positions.lineEnd(of: scalar.start)
      if let colon = bareColon(scalar.start, firstEnd) { return reportMissingSpace(colon) }
      let note = Diagnostic.Note(
        stack.isEmpty ? "this line has no ':'" : "this value goes on in the lines below it",
        at: positions.range(scalar.start, firstEnd))
      let start = firstVisible(line)
      if stack.isEmpty {
        return report(
          "missing-colon", "a key cannot follow a text without one",
          at: positions.range(start, end), help: "Write 'key: value' on every line.",
          notes: [note])
      }
      return report(
        "bad-indentation", "this line is indented deeper than the entry above it",
        at: positions.range(start, end), help: "Indent entries of one mapping alike.",
        notes: [note])
    }
    report(
      "second-colon", "a value cannot be 'key: value' on the line of its own key",
      at: positions.range(place, end),
      help: "Put it on the next line, indented, or in braces: 'outer: {inner: value}'."
        + " Put quotes around a text that has a colon.")
  }

  private mutating func explainDash(_ place: Int) {
    let isFirst = firstVisible(positions.lineStart(of: place)) == place
    report(
      isFirst ? "bad-indentation" : "misplaced-dash",
      isFirst
        ? "a list entry cannot stand at this indentation"
        : "a list entry cannot begin on the line of its key",
      at: positions.range(place, place + 1),
      help: isFirst
        ? "Indent the entries of one list alike."
        : "Put each entry on a line of its own, or write the list in brackets: 'key: [a, b]'."
          + " Put quotes around a text that begins with '-'.")
  }

  // MARK: - Indentation

  /// A block mapping or list meets something that is not its next entry.
  private mutating func explainBlockEnd(_ context: Int, _ place: Int) {
    let first = firstVisible(positions.lineStart(of: place))
    let end = max(place + 1, positions.lineEnd(of: place))
    let range = positions.range(place, min(end, positions.bytes.count))
    guard place == first else { return explainTextBehind(place, range) }
    let column = positions.position(context).column
    if positions.position(place).column == column, isList(context) {
      return report(
        "missing-dash", "this line stands in a list but does not begin with '- '", at: range,
        help: "Begin it with '- ', or indent it under the entry above.",
        notes: [Diagnostic.Note("the list begins here", at: positions.range(context, context + 1))])
    }
    if positions.position(place).column == column, isList(place) {
      return report(
        "misplaced-dash", "a list entry cannot stand among the keys of a mapping",
        at: positions.range(place, place + 1),
        help: "Put the list under a key, or leave the '- ' out.",
        notes: [
          Diagnostic.Note("the mapping begins here", at: positions.range(context, context + 1))
        ])
    }
    let lines = column == 1 ? "at the margin" : "with \(column - 1) spaces before it"
    report(
      "bad-indentation", "the indentation of this line matches no line above", at: range,
      help: "Indent the entries of one \(isList(context) ? "list" : "mapping") alike.",
      notes: [
        Diagnostic.Note(
          "the \(isList(context) ? "list" : "mapping") around it begins here, \(lines)",
          at: positions.range(context, context + 1))
      ])
  }

  /// Text stands behind a value that has ended on the same line.
  private mutating func explainTextBehind(_ place: Int, _ range: SourceRange) {
    if byte(place) == UInt8(ascii: "]") || byte(place) == UInt8(ascii: "}") {
      return reportStrayBracket(place)
    }
    guard let scalar = lastScalar, scalar.style != .plain, scalar.style != .block,
      text(scalar.end, place).allSatisfy({ $0 == " " })
    else {
      return report(
        "unexpected-text", "nothing can follow the value on this line", at: range,
        help: "Put quotes around the whole value, or begin a new line.")
    }
    let quote = scalar.style == .singleQuoted ? "'" : "\""
    report(
      "text-after-quote", "text follows the closing \(quote)", at: range,
      help: scalar.style == .singleQuoted
        ? "Inside single quotes an apostrophe is written twice: 'it''s'."
        : "Inside double quotes a quote is written as \\\".",
      notes: [
        Diagnostic.Note(
          scalar.start < positions.lineStart(of: place)
            ? "the quote that is opened here is closed only there"
            : "the quoted text begins here",
          at: positions.range(scalar.start, scalar.end))
      ])
  }

  // MARK: - The rest

  /// Text follows the end of the root value.
  mutating func explainRest(at place: Int) {
    let end = max(place + 1, positions.lineEnd(of: place))
    let range = positions.range(place, min(end, positions.bytes.count))
    let byte = byte(place)
    let isFirst = firstVisible(positions.lineStart(of: place)) == place
    if byte == UInt8(ascii: "]") || byte == UInt8(ascii: "}") {
      reportStrayBracket(place)
    } else if byte == UInt8(ascii: "%"), isFirst {
      explainReserved("%", place)
    } else if let root, isFirst, root.node.scalar == nil,
      range.start.column < root.node.range.start.column
    {
      report(
        "bad-indentation", "this line stands left of the entries above", at: range,
        help: "Indent the entries of one mapping alike.",
        notes: [
          Diagnostic.Note(
            "the entries begin here", at: positions.range(root.start, root.start + 1))
        ])
    } else if let scalar = lastScalar, root?.node.scalar != nil, scalar.style != .plain,
      !isFirst
    {
      explainTextBehind(place, range)
    } else {
      report(
        "unexpected-text", "nothing can follow the value that ends before it", at: range,
        help: "A file is one mapping: 'key: value' on every line.")
    }
  }

  private mutating func explainOther(_ problem: LibYAMLProblem, _ place: Int) {
    switch problem.problem {
    case "found unexpected ':'":
      reportMissingSpace(min(place, max(positions.bytes.count - 1, 0)))
    case "mapping keys are not allowed in this context":
      report(
        "reserved-character", "'? ' cannot begin a key here",
        at: positions.range(place, place + 1),
        help: "Put quotes around a text that begins with '?'.")
    default:
      reportSyntax(place, problem.problem)
    }
  }

  private mutating func reportSyntax(_ place: Int, _ reason: String = "unexpected text") {
    let end = min(place + 1, positions.bytes.count)
    report(
      "yaml-syntax", "this is not YAML: \(reason)", at: positions.range(place, end),
      help: "Put quotes around a text that has signs such as ':', '#', '{' or '['.")
  }
}
