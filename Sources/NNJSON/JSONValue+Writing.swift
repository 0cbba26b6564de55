extension JSONValue {
  /// The value as JSON text. Equal values give equal text.
  ///
  /// Doubles are written with the fewest digits that read back as the same double, whole ones
  /// with `.0`. JSON has no infinities and no NaN: these become null.
  ///
  /// - Parameter pretty: One member or element a line, indented by two spaces.
  /// - Returns: The text, without a line break at its end.
  package func serialized(pretty: Bool = false) -> String {
    var text = ""
    write(to: &text, pretty: pretty, depth: 0)
    return text
  }

  private func write(to text: inout String, pretty: Bool, depth: Int) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .integer(let value): text += String(value)
    case .number(let value): text += value.isFinite ? value.description : "null"
    case .string(let value): Self.write(value, to: &text)
    case .array(let elements):
      guard !elements.isEmpty else { return text += "[]" }
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        if pretty { Self.breakLine(&text, depth: depth + 1) }
        element.write(to: &text, pretty: pretty, depth: depth + 1)
      }
      if pretty { Self.breakLine(&text, depth: depth) }
      text += "]"
    case .object(let members):
      guard !members.isEmpty else { return text += "{}" }
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        if pretty { Self.breakLine(&text, depth: depth + 1) }
        Self.write(member.name, to: &text)
        text += pretty ? ": " : ":"
        member.value.write(to: &text, pretty: pretty, depth: depth + 1)
      }
      if pretty { Self.breakLine(&text, depth: depth) }
      text += "}"
    }
  }

  private static func breakLine(_ text: inout String, depth: Int) {
    text += "\n"
    for _ in 0..<depth { text += "  " }
  }

  private static func write(_ string: String, to text: inout String) {
    text += "\""
    // Nearly every string needs no escapes and is copied whole.
    if string.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C }) {
      text += string
    } else {
      for scalar in string.unicodeScalars {
        switch scalar {
        case "\"": text += "\\\""
        case "\\": text += "\\\\"
        case "\n": text += "\\n"
        case "\r": text += "\\r"
        case "\t": text += "\\t"
        case "\u{8}": text += "\\b"
        case "\u{C}": text += "\\f"
        case "\u{0}"..<"\u{20}":
          let digits = String(scalar.value, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: text.unicodeScalars.append(scalar)
        }
      }
    }
    text += "\""
  }
}
