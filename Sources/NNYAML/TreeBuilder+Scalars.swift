import NNDiagnostics

extension TreeBuilder {
  mutating func addScalar(
    _ masked: String, _ style: YAMLScalarStyle, _ event: YAMLEvent, start: Int, end: Int
  ) -> Bool {
    let text = mask.restored(masked, from: start, to: end)
    let range = contentRange(of: event, style, start: start, end: end)
    guard text.utf8.count <= limits.scalarLength else {
      return exceed(
        "scalar-too-long", "a value is longer than \(limits.scalarLength) bytes", range.lowerBound,
        range.lowerBound + 1)
    }
    guard count(1, at: range.lowerBound, range.upperBound) else { return false }
    lastScalar = LastScalar(start: range.lowerBound, end: range.upperBound, style: style)
    let place = positions.range(range.lowerBound, range.upperBound)

    let scalar: YAMLScalar
    if let tag = event.tag {
      scalar = tagged(tag, text, style, at: positions.range(start, end))
    } else if style == .plain {
      // A key is its text, so that it may look like a number that is out of range.
      let isKey = stack.last.map { $0.isMapping && $0.key == nil } ?? false
      let value = resolved(text, at: place, isKey: isKey)
      scalar = YAMLScalar(text: text, isPlain: true, value: value)
    } else {
      scalar = YAMLScalar(text: text, isPlain: false, value: .string(text))
    }
    var piece = Piece(
      node: YAMLNode(.scalar(scalar), at: place), start: range.lowerBound, end: range.upperBound)
    piece.style = style
    piece.isTagged = event.tag != nil
    if let anchor = event.anchor { define(anchor, .finished(piece)) }
    return add(piece)
  }

  private mutating func resolved(
    _ text: String, at range: SourceRange, isKey: Bool
  ) -> YAMLValue {
    switch CoreSchema.resolve(text) {
    case .value(let value): return value
    case _ where isKey: break
    case .integerOutOfRange:
      report(
        "number-out-of-range", "'\(Self.abbreviated(text))' does not fit into 64 bits", at: range,
        help: "Integers go from \(Int.min) to \(Int.max). Put quotes around text.")
    case .floatOutOfRange:
      report(
        "number-out-of-range", "'\(Self.abbreviated(text))' is out of range for a number",
        at: range, help: "Numbers go from about 5e-324 to 1.8e308. Put quotes around text.")
    }
    return .string(text)
  }

  // MARK: - Tags

  private static let prefix = "tag:yaml.org,2002:"
  private static let knownTags = ["str", "int", "float", "bool", "null", "map", "seq"]

  private mutating func tagged(
    _ tag: String, _ text: String, _ style: YAMLScalarStyle, at range: SourceRange
  ) -> YAMLScalar {
    // A tag makes a text without quotes what the tag says, so it does not count as plain unless
    // the core schema would read it the same way.
    let asString = YAMLScalar(text: text, isPlain: false, value: .string(text))
    guard let name = knownTag(tag, at: range) else { return asString }
    var resolution = YAMLValue.string(text)
    if case .value(let value) = CoreSchema.resolve(text) { resolution = value }
    switch (name, resolution) {
    case ("str", _): return asString
    case ("int", .int), ("float", .float), ("bool", .bool), ("null", .null):
      return YAMLScalar(text: text, isPlain: true, value: resolution)
    case ("float", .int(let value)):
      let float = Double(value)
      return YAMLScalar(text: float.description, isPlain: true, value: .float(float))
    default:
      report(
        "bad-tag", "'\(Self.abbreviated(text))' is not what the tag '!!\(name)' says", at: range,
        help: "Remove the tag, or write a value of its type.")
      return asString
    }
  }

  mutating func checkCollectionTag(_ tag: String, isMapping: Bool, start: Int, end: Int) {
    var end = end
    while end > start, positions.bytes[end - 1].isYAMLWhitespace { end -= 1 }
    let range = positions.range(start, end)
    guard let name = knownTag(tag, at: range) else { return }
    guard name != (isMapping ? "map" : "seq") else { return }
    report(
      "bad-tag", "a \(isMapping ? "mapping" : "list") is not what the tag '!!\(name)' says",
      at: range, help: "Remove the tag, or write a value of its type.")
  }

  /// The name of one of the tags that are understood; others are reported.
  private mutating func knownTag(_ tag: String, at range: SourceRange) -> String? {
    if tag.hasPrefix(Self.prefix) {
      let name = String(tag.dropFirst(Self.prefix.count))
      if Self.knownTags.contains(name) { return name }
      report(
        "unknown-tag", "the tag '!!\(Self.abbreviated(name))' is unknown", at: range,
        label: nearest(to: name, among: Self.knownTags).map { didYouMean("!!\($0)") },
        help: "Known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq.")
      return nil
    }
    report(
      "unknown-tag", "the tag '\(Self.abbreviated(tag))' is unknown", at: range,
      help: "A text that begins with '!' needs quotes.")
    return nil
  }

  // MARK: - Where a node's own text begins and ends

  /// The bytes of a scalar without its anchor and tag, and without what libyaml adds behind it.
  private func contentRange(
    of event: YAMLEvent, _ style: YAMLScalarStyle, start: Int, end: Int
  ) -> Range<Int> {
    let bytes = positions.bytes
    let first = contentStart(of: event, start: start, end: end)
    if style == .block {
      // The end of a block scalar is that of its last line with text.
      var last = end
      while last > first + 1, bytes[last - 1].isYAMLWhitespace { last -= 1 }
      return first..<last
    }
    if start == end {
      // A value that is not there is placed right behind what precedes it.
      var place = start
      while place > 0, bytes[place - 1].isYAMLWhitespace { place -= 1 }
      let floor = stack.last?.end ?? 0
      return max(place, min(floor, start))..<max(place, min(floor, start))
    }
    return first..<max(first, end)
  }

  /// Where a node begins behind its anchor and tag.
  func contentStart(of event: YAMLEvent, start: Int, end: Int) -> Int {
    guard event.anchor != nil || event.tag != nil else { return start }
    let bytes = positions.bytes
    var offset = start
    while offset < end {
      switch bytes[offset] {
      case UInt8(ascii: "&"), UInt8(ascii: "!"):
        while offset < end, !bytes[offset].isYAMLWhitespace { offset += 1 }
      case UInt8(ascii: "#"):
        while offset < end, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
      case let byte where byte.isYAMLWhitespace: offset += 1
      default: return offset
      }
    }
    return end
  }
}
