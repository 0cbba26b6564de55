/// The YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema): what a scalar without
/// quotes means. libyaml's own rules are those of YAML 1.1, where `no` is false and `010` eight.
enum CoreSchema {
  enum Resolution: Equatable {
    case value(YAMLValue)
    /// An integer that 64 bits cannot hold.
    case integerOutOfRange
    /// A number too large, or too close to zero, for a double.
    case floatOutOfRange
  }

  static func resolve(_ text: String) -> Resolution {
    // The words are short, so that longer texts need not be compared with each.
    if text.utf8.count <= 5, let value = word(text) { return .value(value) }
    let utf8 = text.utf8
    // Most scalars are words, and a first letter tells that they are no numbers.
    guard let first = utf8.first, isDigit(first) || first == 0x2B || first == 0x2D || first == 0x2E
    else { return .value(.string(text)) }
    if first == UInt8(ascii: "0"), let resolution = prefixed(text) { return resolution }
    return decimal(text)
  }

  /// The value of a word that the schema reserves.
  private static func word(_ text: String) -> YAMLValue? {
    switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    case ".nan", ".NaN", ".NAN": .float(.nan)
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": .float(.infinity)
    case "-.inf", "-.Inf", "-.INF": .float(-.infinity)
    default: nil
    }
  }

  /// `0o17` and `0xFF`; nil if the text is neither.
  private static func prefixed(_ text: String) -> Resolution? {
    let radix: Int
    switch text.utf8.dropFirst().first {
    case UInt8(ascii: "o"): radix = 8
    case UInt8(ascii: "x"): radix = 16
    default: return nil
    }
    let digits = text.utf8.dropFirst(2)
    guard !digits.isEmpty, digits.allSatisfy({ isDigit($0, radix: radix) }) else { return nil }
    guard let value = Int(text.dropFirst(2), radix: radix) else { return .integerOutOfRange }
    return .value(.int(value))
  }

  /// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
  private static func decimal(_ text: String) -> Resolution {
    var rest = text.utf8[...]
    func digits() -> Int {
      let run = rest.prefix { isDigit($0) }
      rest = rest[run.endIndex...]
      return run.count
    }
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
    let whole = digits()
    if rest.isEmpty, whole > 0 {
      guard let value = Int(text) else { return .integerOutOfRange }
      return .value(.int(value))
    }
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return .value(.string(text)) }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
      guard digits() > 0 else { return .value(.string(text)) }
    }
    guard rest.isEmpty else { return .value(.string(text)) }
    guard let value = Double(text), value.isFinite else { return .floatOutOfRange }
    // A number that is written with a digit other than zero must not become zero.
    if value == 0 {
      let mantissa = text.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
      if mantissa.contains(where: { isDigit($0) && $0 != UInt8(ascii: "0") }) {
        return .floatOutOfRange
      }
    }
    return .value(.float(value))
  }

  private static func isDigit(_ byte: UInt8, radix: Int = 10) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) < radix
    case UInt8(ascii: "a")...UInt8(ascii: "f"), UInt8(ascii: "A")...UInt8(ascii: "F"): radix == 16
    default: false
    }
  }
}
