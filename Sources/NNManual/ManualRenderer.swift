/// Shows the manual to a person: headings, paragraphs of bounded width, a table of fields.
package struct ManualRenderer: Sendable {
  /// Whether headings and words are set in bold. Nothing is said by it alone.
  package let isBold: Bool
  /// The most characters of a line; examples keep their lines.
  package let width: Int

  package init(isBold: Bool, width: Int = 80) {
    self.isBold = isBold
    self.width = max(width, 20)
  }

  /// Everything that the manual says about a word, without a line break at the end.
  package func text(_ entries: [ManualEntry]) -> String {
    entries.map(text).joined(separator: "\n\n")
  }

  package func text(_ entry: ManualEntry) -> String {
    var parts = [
      wrapped("\(bold(entry.word)): \(entry.category.noun), \(entry.category.place)"),
      wrapped(entry.summary),
    ]
    if !entry.fields.isEmpty {
      parts.append(bold("Fields"))
      parts += entry.fields.map(field)
    }
    parts.append(bold("Example"))
    parts.append(indented(entry.example))
    return parts.joined(separator: "\n\n")
  }

  package func text(_ code: FindingCode) -> String {
    var parts = [wrapped("\(bold(code.code)): what a finding stands for")]
    parts.append(wrapped(code.rule))
    parts.append(wrapped(code.wayOut))
    if let example = code.example {
      parts.append(bold("Instead of"))
      parts.append(indented(example.wrong))
      parts.append(bold("write"))
      parts.append(indented(example.right))
    }
    return parts.joined(separator: "\n\n")
  }

  private func field(_ field: ManualField) -> String {
    let principal = field.isPrincipal ? ", meant by a value alone" : ""
    let state = field.isRequired ? "must be given" : "default \(field.shownDefault)"
    return wrapped("\(bold(field.name)): \(field.expectation); \(state)\(principal)", by: 2)
      + "\n" + wrapped(field.help, by: 6)
  }

  private func bold(_ text: String) -> String {
    isBold ? "\u{1B}[1m\(text)\u{1B}[0m" : text
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { "  \($0)" }
      .joined(separator: "\n")
  }

  /// Breaks a paragraph between words; what is longer than a line has one of its own.
  func wrapped(_ text: String, by indent: Int = 0) -> String {
    let margin = String(repeating: " ", count: indent)
    var lines: [String] = []
    var line = ""
    var length = 0
    for word in text.split(separator: " ") {
      // What sets words in bold takes no room.
      let size = word.count - (word.contains("\u{1B}") ? 8 : 0)
      if !line.isEmpty, indent + length + 1 + size > width {
        lines.append(margin + line)
        (line, length) = ("", 0)
      }
      line += line.isEmpty ? "\(word)" : " \(word)"
      length += size + (length == 0 ? 0 : 1)
    }
    lines.append(margin + line)
    return lines.joined(separator: "\n")
  }
}
