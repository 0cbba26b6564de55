/// A column of an ARFF file, as it is declared, with its values so far.
struct ARFFAttribute {
  private enum Kind {
    case number
    case text
    /// Each class by its place.
    case nominal([String: Int32])
  }

  let name: String
  private let kind: Kind
  private let classes: [String]?
  private var builder: ColumnBuilder
  private var codes: [Int32] = []

  /// What follows `@attribute`: a name, and a type or classes in braces.
  init(_ scanner: inout ARFFScanner) throws(ARFFScanner.Problem) {
    let start = scanner.place
    name = try scanner.word().text
    if scanner.skip("{") {
      var found: [String] = []
      var places: [String: Int32] = [:]
      repeat {
        let text = try scanner.word().text
        guard places[text] == nil else {
          throw .init(
            scanner, from: start, "duplicate-class",
            "the class '\(shortened(text))' is declared twice")
        }
        places[text] = Int32(truncatingIfNeeded: found.count)
        found.append(text)
      } while scanner.skip(",")
      guard scanner.skip("}") else {
        throw .init(
          scanner, from: start, "bad-attribute", "the classes do not end with a brace")
      }
      kind = .nominal(places)
      classes = found
    } else {
      let from = scanner.place
      let type = try scanner.word().text.lowercased()
      classes = nil
      switch type {
      case "numeric", "real", "integer": kind = .number
      case "string": kind = .text
      default:
        throw .init(
          scanner, from: from, "unsupported-values",
          "'\(shortened(name))' is of the type '\(shortened(type))', which no column can be made of",
          help: type == "date"
            ? "Write it as numbers, such as the year, the month and the day."
            : "Types are numeric, real, integer, string, and classes in braces.")
      }
    }
    if case .number = kind {
      builder = ColumnBuilder(name, kind: .numbers)
    } else {
      builder = ColumnBuilder(name, kind: .words)
    }
  }

  /// Appends a value, or tells why it is none.
  mutating func append(
    _ text: String, row: Int
  ) -> (code: String, message: String, help: String?)? {
    let place = "row \(row), column '\(shortened(name))': '\(shortened(text))'"
    switch kind {
    case .number:
      guard let number = decimal(Array(text.utf8)) else {
        return ("bad-number", "\(place) is not a number", "A missing value is written ?.")
      }
      _ = builder.append(number)
    case .text:
      _ = builder.append(text)
    case .nominal(let places):
      guard let code = places[text] else {
        return ("unknown-category", "\(place) is none of the classes that are declared", nil)
      }
      codes.append(code)
    }
    return nil
  }

  mutating func appendMissing() {
    if classes != nil { codes.append(-1) } else { builder.appendMissing() }
  }

  /// What a sparse row leaves out: zero, or the first class.
  mutating func appendDefault() {
    if classes != nil {
      codes.append(0)
    } else if case .number = kind {
      _ = builder.append(0)
    } else {
      builder.appendMissing()
    }
  }

  var column: TypedColumn {
    guard let classes else { return builder.column }
    return TypedColumn(name, .words(codes: codes, distinct: classes), classes: classes)
  }
}
