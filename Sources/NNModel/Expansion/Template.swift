/// A text with expressions in it: `run-${width}`.
struct Template {
  enum Part: Equatable {
    case text(String)
    /// What stands between the braces, in bytes of the text.
    case expression(Range<Int>)
  }

  private(set) var parts: [Part] = []

  /// Whether a text could hold an expression; `$${` stands for `${` itself.
  static func isNeeded(for text: String) -> Bool {
    text.utf8.contains(UInt8(ascii: "$")) && text.contains("${")
  }

  init(_ text: String) throws(FormulaError) {
    let bytes = Array(text.utf8)
    var literal: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let rest = bytes[index...]
      if rest.starts(with: "$${".utf8) {
        literal += "${".utf8
        index += 3
      } else if rest.starts(with: "${".utf8) {
        guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else {
          throw FormulaError(
            code: "bad-expression", message: "the expression is not closed",
            range: index..<index + 2,
            help: "End it with '}', or write $${ for the signs themselves.")
        }
        append(&literal)
        parts.append(.expression(index + 2..<end))
        index = end + 1
      } else {
        literal.append(bytes[index])
        index += 1
      }
    }
    append(&literal)
  }

  /// The stretch of the only expression, where there is nothing else.
  var onlyExpression: Range<Int>? {
    if parts.count == 1, case .expression(let stretch) = parts[0] { stretch } else { nil }
  }

  private mutating func append(_ literal: inout [UInt8]) {
    guard !literal.isEmpty else { return }
    parts.append(.text(String(decoding: literal, as: UTF8.self)))
    literal = []
  }
}
