// Decimal numbers from bytes, exactly. Most cells are short: fifteen digits and a power of ten up
// to 10²² are both exact in a Double, so one multiplication or division rounds correctly
// (Clinger, "How to read floating point numbers accurately", 1990). The rest go to the standard
// library, which is exact for every length and ignores the locale.

/// The powers of ten that a Double holds exactly.
private let exactPowers: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// The number that short plain decimals say, or NaN for everything else.
@inline(__always)
func shortDecimal(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double {
  // One digit is most of what images are made of.
  if count == 1 {
    let digit = text[0] &- 0x30
    return digit < 10 ? Double(digit) : .nan
  }
  guard count > 0, count <= 17 else { return .nan }
  var index = 0
  let isNegative = text[0] == UInt8(ascii: "-")
  if isNegative { index = 1 }
  var digits: UInt64 = 0
  var digitCount = 0
  var decimals = 0
  var hasPoint = false
  while index < count {
    let digit = text[index] &- 0x30
    if digit < 10 {
      digits = digits &* 10 &+ UInt64(digit)
      digitCount &+= 1
      if hasPoint { decimals &+= 1 }
    } else if text[index] == UInt8(ascii: "."), !hasPoint {
      hasPoint = true
    } else {
      return .nan
    }
    index &+= 1
  }
  guard digitCount > 0, digitCount <= 15 else { return .nan }
  var value = Double(digits)
  if decimals > 0 { value /= exactPowers[decimals] }
  return isNegative ? -value : value
}

/// The number that a decimal says, or nil where the text is none.
///
/// The grammar is an optional sign, digits with at most one point among or around them, and an
/// optional exponent. Words such as `inf`, hexadecimal and grouped digits are not numbers.
func decimal(_ text: [UInt8]) -> Double? {
  guard isDecimal(text) else { return nil }
  return Double(String(decoding: text, as: UTF8.self))
}

private func isDecimal(_ text: [UInt8]) -> Bool {
  var rest = text[...]
  func takeSign() {
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest.removeFirst() }
  }
  func takeDigits() -> Int {
    let digits = rest.prefix { $0 &- 0x30 < 10 }
    rest.removeFirst(digits.count)
    return digits.count
  }
  takeSign()
  var digits = takeDigits()
  if rest.first == UInt8(ascii: ".") {
    rest.removeFirst()
    digits += takeDigits()
  }
  guard digits > 0 else { return false }
  if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
    rest.removeFirst()
    takeSign()
    guard takeDigits() > 0 else { return false }
  }
  return rest.isEmpty
}
