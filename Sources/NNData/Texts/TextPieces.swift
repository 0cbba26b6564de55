import NNModel

/// What a text is divided into.
package enum TextPieces: String, CaseIterable, Sendable {
  case words
  case characters
  /// Whole numbers that are written in a cell.
  case tokens

  /// So many of them: `1 word`, `64 characters`.
  func counted(_ count: Int) -> String {
    count == 1 ? "1 \(rawValue.dropLast())" : "\(count) \(rawValue)"
  }
}

/// What a text is divided into, as a model file says it.
package enum TextSplit: String, WordChoice {
  case words
  case characters

  var pieces: TextPieces { self == .words ? .words : .characters }
}

/// An end of a text.
package enum TextEnd: String, WordChoice {
  case start
  case end
}

/// Divides texts into words or characters, the same on every machine and in every language.
///
/// A word is a longest stretch of letters, marks and digits (the Unicode categories L, M and N), with
/// single apostrophes (' or ’) where they stand between two of these. All else divides words and is
/// no part of any. A character is a code point. Nothing is normalised; lowering is that of Unicode for
/// each code point by itself, whatever the language.
struct TextDivision: Sendable, Equatable {
  let pieces: TextPieces
  let lowers: Bool

  /// The words or characters of a text, in their order.
  func callAsFunction(_ text: String) -> [ExactText] {
    var result: [ExactText] = []
    divide(text) {
      result.append($0)
      return true
    }
    return result
  }

  /// Whether a text has no word or character.
  func isEmpty(_ text: String) -> Bool {
    var isEmpty = true
    divide(text) { _ in
      isEmpty = false
      return false
    }
    return isEmpty
  }

  /// Calls with each piece until it is told to stop.
  private func divide(_ text: String, _ body: (ExactText) -> Bool) {
    switch pieces {
    case .words: divideWords(text, body)
    case .characters:
      for scalar in text.unicodeScalars {
        for piece in lowered(scalar) {
          guard body(ExactText(String(Character(piece)))) else { return }
        }
      }
    case .tokens: return
    }
  }

  private func divideWords(_ text: String, _ body: (ExactText) -> Bool) {
    var word = String.UnicodeScalarView()
    var apostrophe: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if scalar.isPartOfWord {
        if let apostrophe { word.append(apostrophe) }
        apostrophe = nil
        if lowers { word.append(contentsOf: lowered(scalar)) } else { word.append(scalar) }
      } else if apostrophe == nil, !word.isEmpty, scalar == "'" || scalar == "\u{2019}" {
        apostrophe = scalar
      } else {
        apostrophe = nil
        guard !word.isEmpty else { continue }
        guard body(ExactText(String(word))) else { return }
        word = String.UnicodeScalarView()
      }
    }
    if !word.isEmpty { _ = body(ExactText(String(word))) }
  }

  private func lowered(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
    var result = String.UnicodeScalarView()
    if !lowers {
      result.append(scalar)
    } else if scalar.isASCII {
      let isUpper = (0x41...0x5A).contains(scalar.value)
      result.append(isUpper ? Unicode.Scalar(UInt8(scalar.value + 0x20)) : scalar)
    } else {
      result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
    }
    return result
  }
}

extension Unicode.Scalar {
  /// Whether it is a letter, a mark or a digit.
  fileprivate var isPartOfWord: Bool {
    if isASCII {
      let lower = value | 0x20
      return (0x61...0x7A).contains(lower) || (0x30...0x39).contains(value)
    }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .letterNumber, .otherNumber:
      return true
    default: return false
    }
  }
}
