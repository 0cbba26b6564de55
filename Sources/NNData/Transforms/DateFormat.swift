import NNDiagnostics
package import NNModel
package import NNYAML

/// A number that a date gives.
package enum DatePart: String, WordChoice {
  case year, month, day, weekday, yearday, hour, minute, second, days

  /// Counted as people do, but weekdays, of which Monday is 0.
  func number(_ date: CalendarDate) -> Double {
    switch self {
    case .year: Double(date.year)
    case .month: Double(date.month)
    case .day: Double(date.day)
    case .weekday: Double(date.weekday)
    case .yearday: Double(date.dayOfYear)
    case .hour: Double(date.hour)
    case .minute: Double(date.minute)
    case .second: Double(date.second) + date.fraction
    case .days: date.seconds / 86_400
    }
  }

  /// Where it begins and after how much it comes again; nil of what never does.
  var cycle: (first: Double, length: Double)? {
    switch self {
    case .year, .days: nil
    case .month: (1, 12)
    case .day: (1, 31)
    case .weekday: (0, 7)
    case .yearday: (1, 366)
    case .hour: (0, 24)
    case .minute, .second: (0, 60)
    }
  }
}

/// How a date is written.
package enum DateFormat: FieldValue, Hashable {
  /// 2024-12-31, with 23:59:59 behind a blank or a T, and behind that a fraction and an offset.
  case iso
  /// A pattern of directives and what stands between them.
  case pattern([Element])

  package enum Element: Hashable, Sendable {
    case year, month, day, hour, minute, second, monthName
    case byte(UInt8)
  }

  /// The directives, by the character behind the percent sign.
  private static let directives: [Character: Element] = [
    "Y": .year, "m": .month, "d": .day, "H": .hour, "M": .minute, "S": .second, "b": .monthName,
    "%": .byte(UInt8(ascii: "%")),
  ]

  package static let expectation =
    "iso, or a pattern of %Y, %m, %b, %d, %H, %M and %S such as '%d.%m.%Y'"
  package static func sample(within range: Bounds?) -> String { "'%d.%m.%Y'" }

  package init?(_ text: String) {
    if text == "iso" {
      self = .iso
      return
    }
    var elements: [Element] = []
    var rest = Substring(text)
    while let character = rest.popFirst() {
      if character == "%" {
        guard let directive = rest.popFirst().flatMap({ DateFormat.directives[$0] }) else {
          return nil
        }
        elements.append(directive)
      } else {
        elements += character.utf8.map { Element.byte($0) }
      }
    }
    guard elements.contains(where: { if case .byte = $0 { false } else { true } }) else {
      return nil
    }
    self = .pattern(elements)
  }

  /// As it is written in a file.
  package var text: String {
    guard case .pattern(let elements) = self else { return "iso" }
    var bytes: [UInt8] = []
    for element in elements {
      if case .byte(let byte) = element, byte != UInt8(ascii: "%") {
        bytes.append(byte)
      } else if let letter = DateFormat.directives.first(where: { $0.value == element })?.key {
        bytes += "%\(letter)".utf8
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  package var shownInManual: String { text }
  package var written: String { text.written }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> DateFormat? {
    guard let text = node.scalar?.text, let format = DateFormat(text) else {
      return reader.wrongType(node, expectation)
    }
    return format
  }

  /// The date that some bytes say, or nil where they say none, or one that no calendar has.
  func read(_ bytes: [UInt8]) -> CalendarDate? {
    var scanner = DateScanner(bytes)
    let date: CalendarDate? =
      switch self {
      case .iso: scanner.iso()
      case .pattern(let elements): scanner.read(elements)
      }
    guard let date, scanner.isAtEnd, date.isValid else { return nil }
    return date
  }
}
