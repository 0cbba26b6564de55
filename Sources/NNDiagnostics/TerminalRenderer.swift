/// Shows a diagnostic to a person: the rule, the place with the text around it, the way out.
///
/// ```
/// error[unknown-field]: 'dense' has no field 'unitz'
///   --> models/mnist.yaml:17:15
///    |
/// 17 |   - dense: {unitz: 128}
///    |             ^^^^^ did you mean 'units'?
/// ```
package struct TerminalRenderer: Sendable {
  /// Whether parts are set apart by ANSI colours. Nothing is said by colour alone.
  package let colour: Bool

  package init(colour: Bool) {
    self.colour = colour
  }

  /// Renders one diagnostic.
  ///
  /// - Parameters:
  ///   - diagnostic: What to show.
  ///   - source: The text it is about. Without it only header, place and help are shown.
  /// - Returns: The lines to print, without a line break behind the last one.
  package func render(_ diagnostic: Diagnostic, in source: SourceText?) -> String {
    let main = diagnostic.range
    let ranges = source == nil ? [main] : [main] + diagnostic.notes.map(\.range)
    // All line numbers share one gutter, as wide as the longest.
    let gutter = ranges.map { String($0.start.line).count }.max() ?? 1
    let tone: Tone = diagnostic.severity == .error ? .error : .warning

    var lines = [
      paint("\(diagnostic.severity.rawValue)[\(diagnostic.code)]", tone)
        + paint(": \(DisplayCell.printable(diagnostic.message))", .strong)
    ]
    lines += block(
      main, file: diagnostic.file, source: source, gutter: gutter, mark: "^", tone: tone,
      label: diagnostic.label)
    if let help = diagnostic.help { lines += self.help(help, gutter: gutter) }
    guard let source else { return lines.joined(separator: "\n") }
    for note in diagnostic.notes {
      lines.append(
        paint("note", .note) + paint(": \(DisplayCell.printable(note.message))", .strong))
      lines += block(
        note.range, file: diagnostic.file, source: source, gutter: gutter, mark: "-", tone: .note,
        label: nil)
    }
    return lines.joined(separator: "\n")
  }

  /// The place, and the text there with the range underlined.
  private func block(
    _ range: SourceRange, file: String, source: SourceText?, gutter: Int, mark: Character,
    tone: Tone, label: String?
  ) -> [String] {
    let margin = String(repeating: " ", count: gutter)
    let place = "\(DisplayCell.printable(file)):\(range.start.line):\(range.start.column)"
    var lines = [margin + paint("-->", .frame) + " " + place]
    guard let source, let excerpt = Excerpt(range, in: source) else { return lines }

    let number = String(range.start.line)
    let numberMargin = String(repeating: " ", count: gutter - number.count)
    var underline = String(repeating: mark, count: excerpt.width)
    if let label { underline += " " + DisplayCell.printable(label) }
    lines.append(paint("\(margin) |", .frame))
    lines.append(
      paint("\(numberMargin)\(number) |", .frame)
        + (excerpt.text.isEmpty ? "" : " " + excerpt.text))
    lines.append(
      paint("\(margin) |", .frame) + String(repeating: " ", count: excerpt.indent + 1)
        + paint(underline, tone))
    return lines
  }

  /// Help wrapped at words, each line under the first. Lines that begin with a space are examples
  /// and stay as they are.
  private func help(_ text: String, gutter: Int) -> [String] {
    let margin = String(repeating: " ", count: gutter + 1)
    let widest = 96 - margin.count - 8
    var rows: [String] = []
    for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if paragraph.first == " " {
        rows.append(DisplayCell.printable(paragraph))
      } else {
        rows += Self.wrap(DisplayCell.printable(paragraph), at: widest)
      }
    }
    return rows.enumerated().map { index, row in
      if index == 0 { return margin + paint("= ", .frame) + paint("help", .strong) + ": " + row }
      return row.isEmpty ? "" : margin + "        " + row
    }
  }

  private static func wrap(_ text: String, at widest: Int) -> [String] {
    var rows: [String] = []
    var row = ""
    var width = 0
    for word in text.split(separator: " ") {
      let wordWidth = DisplayCell.width(of: word)
      if !row.isEmpty, width + 1 + wordWidth > widest {
        rows.append(row)
        row = ""
        width = 0
      }
      if !row.isEmpty {
        row += " "
        width += 1
      }
      row += word
      width += wordWidth
    }
    return rows + [row]
  }

  /// The roles that colours tell apart, with their ANSI codes.
  private enum Tone: String {
    case error = "1;31"
    case warning = "1;33"
    case note = "1;36"
    case frame = "1;34"
    case strong = "1"
  }

  private func paint(_ text: String, _ tone: Tone) -> String {
    colour ? "\u{1B}[\(tone.rawValue)m\(text)\u{1B}[0m" : text
  }
}
