/// What stands in `${…}`, as a tree: numbers, names, + - * / // % and parentheses.
struct Formula: Equatable {
  indirect enum Content: Equatable {
    case number(FormulaNumber)
    case name(String)
    case negative(Formula)
    case operation(FormulaOperator, Formula, Formula)
  }

  let content: Content
  /// Where it stands, in bytes of the text it was read from.
  let range: Range<Int>

  /// The name, where it is nothing else.
  var name: String? {
    if case .name(let name) = content { name } else { nil }
  }

  /// Whether a word can be the name of something that formulas compute with.
  static func isName(_ word: String) -> Bool {
    let bytes = Array(word.utf8)
    guard let first = bytes.first, isLetter(first) else { return false }
    return bytes.allSatisfy { isLetter($0) || isDigit($0) }
  }

  fileprivate static func isLetter(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || byte == UInt8(ascii: "_")
  }

  fileprivate static func isDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }
}

enum FormulaOperator: String {
  case add = "+"
  case subtract = "-"
  case multiply = "*"
  case divide = "/"
  case floorDivide = "//"
  case modulo = "%"
}

/// Why a text is no formula, or gives no value.
struct FormulaError: Error, Equatable {
  let code: String
  let message: String
  /// In bytes of the text.
  let range: Range<Int>
  var help: String?

  static func syntax(_ message: String, _ range: Range<Int>) -> FormulaError {
    FormulaError(
      code: "bad-expression", message: message, range: range,
      help: "An expression is made of numbers, names, + - * / // % and parentheses.")
  }
}

/// Reads a formula from a stretch of a text, by recursive descent.
struct FormulaParser {
  private static let longest = 1000
  private static let deepest = 50

  private let bytes: [UInt8]
  private let end: Int
  private var position: Int
  private var depth = 0

  /// - text: the whole scalar.
  /// - stretch: what stands between the braces.
  static func parse(_ text: String, _ stretch: Range<Int>) throws(FormulaError) -> Formula {
    guard stretch.count <= longest else {
      throw .syntax("the expression is longer than \(longest) characters", stretch)
    }
    var parser = FormulaParser(text, stretch)
    parser.skipSpaces()
    guard parser.position < parser.end else {
      throw .syntax("the expression is empty", stretch.lowerBound - 2..<stretch.upperBound + 1)
    }
    let formula = try parser.sum()
    guard parser.position == parser.end else {
      throw .syntax("\(parser.shownNext) does not belong here", parser.next)
    }
    return formula
  }

  private init(_ text: String, _ stretch: Range<Int>) {
    bytes = Array(text.utf8)
    position = stretch.lowerBound
    end = stretch.upperBound
  }

  // MARK: Rules

  private mutating func sum() throws(FormulaError) -> Formula {
    var left = try product()
    while let (operation, range) = take([.add, .subtract]) {
      try requireOperand(behind: operation, range)
      left = joined(operation, left, try product())
    }
    return left
  }

  private mutating func product() throws(FormulaError) -> Formula {
    var left = try factor()
    while let (operation, range) = take([.floorDivide, .multiply, .divide, .modulo]) {
      try requireOperand(behind: operation, range)
      left = joined(operation, left, try factor())
    }
    return left
  }

  private func requireOperand(
    behind operation: FormulaOperator, _ range: Range<Int>
  ) throws(FormulaError) {
    guard position == end || bytes[position] == UInt8(ascii: ")") else { return }
    throw .syntax("something is missing behind '\(operation.rawValue)'", range)
  }

  private func joined(_ operation: FormulaOperator, _ left: Formula, _ right: Formula) -> Formula {
    Formula(
      content: .operation(operation, left, right),
      range: left.range.lowerBound..<right.range.upperBound)
  }

  private mutating func factor() throws(FormulaError) -> Formula {
    depth += 1
    defer { depth -= 1 }
    guard depth <= Self.deepest else {
      throw .syntax("the expression is nested deeper than \(Self.deepest) levels", next)
    }
    let start = position
    switch position < end ? bytes[position] : 0 {
    case UInt8(ascii: "-"):
      advance(1)
      try requireOperand(behind: .subtract, start..<start + 1)
      let inner = try factor()
      return Formula(content: .negative(inner), range: start..<inner.range.upperBound)
    case UInt8(ascii: "("):
      advance(1)
      let inner = try sum()
      guard position < end, bytes[position] == UInt8(ascii: ")") else {
        throw .syntax("the parenthesis is not closed", start..<start + 1)
      }
      advance(1)
      return Formula(content: inner.content, range: start..<position)
    case let byte where Formula.isLetter(byte):
      return name()
    case let byte where Formula.isDigit(byte) || byte == UInt8(ascii: "."):
      return try number()
    default:
      throw .syntax(
        position < end ? "\(shownNext) does not belong here" : "something is missing here", next)
    }
  }

  // MARK: Tokens

  private mutating func name() -> Formula {
    let start = position
    while position < end, Formula.isLetter(bytes[position]) || Formula.isDigit(bytes[position]) {
      position += 1
    }
    let range = start..<position
    skipSpaces()
    return Formula(content: .name(text(range)), range: range)
  }

  private mutating func number() throws(FormulaError) -> Formula {
    let start = position
    while position < end, isNumeric(start) { position += 1 }
    let range = start..<position
    skipSpaces()
    let digits = text(range)
    if let whole = Int(digits) { return Formula(content: .number(.int(whole)), range: range) }
    guard let value = Double(digits), value.isFinite else {
      throw .syntax("'\(digits)' is no number that can be computed with", range)
    }
    return Formula(content: .number(.float(value)), range: range)
  }

  /// Whether the next character goes on with the number that began at a place.
  private func isNumeric(_ start: Int) -> Bool {
    let byte = bytes[position]
    if Formula.isDigit(byte) || Formula.isLetter(byte) || byte == UInt8(ascii: ".") { return true }
    // The sign of an exponent.
    return (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")) && position > start
      && bytes[position - 1] | 0x20 == UInt8(ascii: "e")
  }

  private mutating func take(
    _ operations: [FormulaOperator]
  ) -> (FormulaOperator, Range<Int>)? {
    for operation in operations {
      let sign = Array(operation.rawValue.utf8)
      guard bytes[position..<end].starts(with: sign) else { continue }
      let range = position..<position + sign.count
      advance(sign.count)
      return (operation, range)
    }
    return nil
  }

  private mutating func advance(_ count: Int) {
    position += count
    skipSpaces()
  }

  private mutating func skipSpaces() {
    while position < end,
      bytes[position] == 0x20 || bytes[position] == 0x09
        || bytes[position] == 0x0A
    {
      position += 1
    }
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  /// The next character, or the last where nothing follows.
  private var next: Range<Int> {
    guard position < end else { return end - 1..<end }
    let character = text(position..<end).first.map { String($0).utf8.count } ?? 1
    return position..<position + character
  }

  private var shownNext: String { "'\(text(next))'" }
}
