/// A character as a terminal shows it: what is printed and how many columns that fills.
struct DisplayCell: Equatable {
  let text: String
  let width: Int

  /// - Parameters:
  ///   - character: What the text has.
  ///   - column: Where the cell begins, counted from zero; a tab reaches to the next multiple
  ///     of four.
  init(_ character: Character, atColumn column: Int) {
    if character == "\t" {
      width = 4 - column % 4
      text = String(repeating: " ", count: width)
    } else if character.unicodeScalars.contains(where: Self.isHidden) {
      // A terminal would obey these instead of showing them; one could recolour or reorder the
      // message, so they are spelt out.
      var spelt = ""
      for scalar in character.unicodeScalars {
        if Self.isHidden(scalar) {
          spelt += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
        } else {
          spelt.unicodeScalars.append(scalar)
        }
      }
      text = spelt
      width = spelt.reduce(0) { $0 + Self.width(of: $1) }
    } else {
      text = String(character)
      width = Self.width(of: character)
    }
  }

  /// A text in which nothing steers the terminal.
  static func printable(_ text: some StringProtocol) -> String {
    guard text.unicodeScalars.contains(where: isHidden) else { return String(text) }
    return text.reduce(into: "") { $0 += DisplayCell($1, atColumn: 0).text }
  }

  /// How many columns a text fills.
  static func width(of text: some StringProtocol) -> Int {
    text.reduce(0) { $0 + width(of: $1) }
  }

  private static func width(of character: Character) -> Int {
    if character.isASCII { return 1 }
    var width = 0
    for scalar in character.unicodeScalars {
      // The variation selector asks for the coloured form of a symbol, which is two columns wide.
      if isWide(scalar) || scalar == "\u{FE0F}" { return 2 }
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .enclosingMark, .format: break
      default: width = 1
      }
    }
    return width
  }

  /// Controls, line separators, and the marks that change the direction of writing.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x00..<0x20, 0x7F..<0xA0: true
    case 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// Whether a scalar has the East Asian width W or F, or is shown as an emoji by default.
  private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case ..<0x1100: false
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0xA4CF,
      0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F,
      0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF, 0x20000...0x3FFFD:
      true
    default: scalar.properties.isEmojiPresentation
    }
  }
}
