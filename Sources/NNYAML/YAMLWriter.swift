/// A tree as YAML text that reads back as the same tree. Equal trees give equal text, whatever
/// style they were read from, apart from the spelling of numbers, which is kept.
///
/// Mappings and lists are written in block style; those that hold only scalars, in flow style if
/// they fit on their line. Strings are quoted only where they would be read as something else.
package func writeYAML(_ node: YAMLNode) -> String {
  var writer = YAMLWriter()
  switch node.content {
  case .mapping(let mapping) where !mapping.entries.isEmpty:
    writer.writeEntries(mapping, indent: 0, startsLine: true)
  case .sequence(let nodes) where !nodes.isEmpty:
    writer.writeItems(nodes, indent: 0, startsLine: true)
  default:
    writer.text += YAMLWriter.inline(node) + "\n"
  }
  return writer.text
}

private struct YAMLWriter {
  static let widest = 80
  /// libyaml finds a key without `? ` only if its colon is at most 1024 characters away.
  static let longestSimpleKey = 1000

  var text = ""

  /// Writes the entries of a block mapping.
  ///
  /// - Parameters:
  ///   - mapping: A mapping with entries.
  ///   - indent: The columns before each key.
  ///   - startsLine: Whether the first key begins a line, instead of following a dash.
  mutating func writeEntries(_ mapping: YAMLMapping, indent: Int, startsLine: Bool) {
    for (index, entry) in mapping.entries.enumerated() {
      if index > 0 || startsLine { writeIndent(indent) }
      let key = Self.quotedIfNeeded(entry.key, inFlow: false, isKey: true)
      var used = indent + 1
      if key.unicodeScalars.count > Self.longestSimpleKey {
        text += "? \(key)\n"
        writeIndent(indent)
        text += ":"
      } else {
        text += "\(key):"
        used += key.count
      }
      writeValue(entry.value, indent: indent, used: used)
    }
  }

  /// Writes the items of a block list; the parameters are those of `writeEntries`.
  mutating func writeItems(_ nodes: [YAMLNode], indent: Int, startsLine: Bool) {
    for (index, node) in nodes.enumerated() {
      if index > 0 || startsLine { writeIndent(indent) }
      text += "-"
      switch node.content {
      case .mapping(let mapping) where !mapping.entries.isEmpty:
        text += " "
        writeEntries(mapping, indent: indent + 2, startsLine: false)
      case .sequence(let nodes) where !nodes.isEmpty && flow(node, used: indent + 1) == nil:
        text += " "
        writeItems(nodes, indent: indent + 2, startsLine: false)
      default:
        writeValue(node, indent: indent, used: indent + 1)
      }
    }
  }

  /// Writes what follows a colon or dash, to the end of its last line.
  private mutating func writeValue(_ node: YAMLNode, indent: Int, used: Int) {
    if let flow = flow(node, used: used) {
      text += " \(flow)\n"
      return
    }
    text += "\n"
    switch node.content {
    case .scalar: break
    case .sequence(let nodes): writeItems(nodes, indent: indent + 2, startsLine: true)
    case .mapping(let mapping): writeEntries(mapping, indent: indent + 2, startsLine: true)
    }
  }

  private mutating func writeIndent(_ indent: Int) {
    text += String(repeating: " ", count: indent)
  }

  /// The node on one line, or nil if it is to be written in block style.
  private func flow(_ node: YAMLNode, used: Int) -> String? {
    let children: [YAMLNode]
    switch node.content {
    case .scalar: return Self.inline(node)
    case .sequence(let nodes): children = nodes
    case .mapping(let mapping): children = mapping.entries.map(\.value)
    }
    if children.isEmpty { return Self.inline(node) }
    // Each child takes three columns at least, so most that do not fit are not even tried.
    guard children.count * 3 <= Self.widest, children.allSatisfy({ $0.scalar != nil }) else {
      return nil
    }
    let line = Self.inline(node)
    return used + 1 + line.count <= Self.widest ? line : nil
  }

  static func inline(_ node: YAMLNode, inFlow: Bool = false) -> String {
    switch node.content {
    case .scalar(let scalar): return spelling(of: scalar, inFlow: inFlow)
    case .sequence(let nodes):
      return "[" + nodes.map { inline($0, inFlow: true) }.joined(separator: ", ") + "]"
    case .mapping(let mapping):
      let entries = mapping.entries.map { entry in
        let key = quotedIfNeeded(entry.key, inFlow: true, isKey: true)
        return "\(key): \(inline(entry.value, inFlow: true))"
      }
      return "{" + entries.joined(separator: ", ") + "}"
    }
  }

  // MARK: - Scalars

  private static func spelling(of scalar: YAMLScalar, inFlow: Bool) -> String {
    if case .string(let string) = scalar.value {
      return quotedIfNeeded(string, inFlow: inFlow, isKey: false)
    }
    // Numbers keep their spelling, unless it was one that only a tag explained.
    if !scalar.text.isEmpty, case .value(let value) = CoreSchema.resolve(scalar.text),
      value.isIdentical(to: scalar.value)
    {
      return scalar.text
    }
    return scalar.value.canonicalText
  }

  private static func quotedIfNeeded(_ text: String, inFlow: Bool, isKey: Bool) -> String {
    guard canBePlain(text, inFlow: inFlow) else { return quoted(text) }
    // A key is text whatever it looks like, except that null is no key and `<<` merges.
    if isKey { return text == "<<" || isNull(text) ? quoted(text) : text }
    return CoreSchema.resolve(text) == .value(.string(text)) ? text : quoted(text)
  }

  private static func isNull(_ text: String) -> Bool {
    CoreSchema.resolve(text) == .value(.null)
  }

  private static func canBePlain(_ text: String, inFlow: Bool) -> Bool {
    guard let first = text.utf8.first, let last = text.utf8.last else { return false }
    if text.utf8.starts(with: "---".utf8) || text.utf8.starts(with: "...".utf8) { return false }
    switch first {
    case UInt8(ascii: "-"):
      let second = text.utf8.dropFirst().first
      if second == nil || second == 0x20 || second == UInt8(ascii: ",") { return false }
    case _ where "?:,[]{}#&*!|>'\"%@` ".utf8.contains(first): return false
    default: break
    }
    if last == 0x20 || last == UInt8(ascii: ":") { return false }
    var previous: UInt8 = 0
    for byte in text.utf8 {
      switch byte {
      case ..<0x20, 0x7F: return false
      case 0x20 where previous == UInt8(ascii: ":"): return false
      case UInt8(ascii: "#") where previous == 0x20: return false
      case _ where inFlow && ",[]{}".utf8.contains(byte): return false
      case UInt8(ascii: "?") where inFlow && previous == UInt8(ascii: ":"): return false
      default: break
      }
      previous = byte
    }
    return text.utf8.allSatisfy { $0 < 0x80 } || !text.unicodeScalars.contains(where: mustEscape)
  }

  /// Double quotes, or single ones where that saves escapes.
  private static func quoted(_ text: String) -> String {
    let hasSigns = text.utf8.contains { $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
    if hasSigns, !text.unicodeScalars.contains(where: mustEscape) {
      // Scalar by scalar, because an accent behind an apostrophe makes one character of the two.
      let doubled = text.unicodeScalars.flatMap { $0 == "'" ? ["'", "'"] : [$0] }
      return "'" + String(String.UnicodeScalarView(doubled)) + "'"
    }
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\t": result += "\\t"
      case "\r": result += "\\r"
      case _ where mustEscape(scalar):
        let digits = String(scalar.value, radix: 16, uppercase: true)
        let (letter, width) =
          scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        result += "\\\(letter)" + String(repeating: "0", count: width - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  /// Whether a text may hold a scalar only as an escape.
  private static func mustEscape(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x20, 0x7F..<0xA0, 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: true
    default: false
    }
  }
}
