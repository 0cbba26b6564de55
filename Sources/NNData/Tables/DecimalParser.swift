// Decimal numbers from bytes, exactly. Most cells are short: fifteen digits and a power of ten up
// to 10²² are both exact in a Double, so one multiplication or division rounds correctly
// (Clinger, "How to read floating point numbers accurately", 1990). Those of up to nineteen digits are
// rounded from whole numbers of 128 bits. The rest go to the standard library, which is exact for every
// length and ignores the locale.

/// The powers of ten that a Double holds exactly.
private let exactPowers: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
  1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
]

/// The number that short plain decimals say, or NaN for everything else.
///
/// Eight characters are one word, so that most cells take no loop: a decimal point is moved out of it,
/// and its digits become a number by three multiplications.
///
/// - before: how many bytes in front of the text may be read; of fewer than sixteen with the text
///   itself it says nothing.
@inline(__always)
func shortDecimal(_ text: UnsafePointer<UInt8>, _ count: Int, readableBefore before: Int) -> Double
{
  // One digit is most of what images are made of.
  if count == 1 {
    let digit = text[0] &- 0x30
    return digit < 10 ? Double(digit) : .nan
  }
  guard count > 0, count <= 17, before &+ count >= 16 else { return .nan }
  let isNegative = text[0] == UInt8(ascii: "-")
  let length = isNegative ? count &- 1 : count
  guard length > 0, length <= 16 else { return .nan }
  // The last eight characters, and those before; digits as their values, nothing as zero.
  let end = UnsafeRawPointer(text + count)
  var low = characters(before: end, min(length, 8))
  var high = length > 8 ? characters(before: end - 8, length &- 8) : 0
  var decimals = 0
  if let place = pointPlace(low) {
    decimals = 7 &- place
    low = closingUp(low, place) | high >> 56
    high <<= 8
  } else if length > 8, let place = pointPlace(high) {
    decimals = 15 &- place
    high = closingUp(high, place)
  }
  // A point alone is no number.
  guard areDigits(high), areDigits(low), length > 1 || text[count &- 1] != UInt8(ascii: ".") else {
    return .nan
  }
  let digits = eightDigits(high) &* 100_000_000 &+ eightDigits(low)
  // All whole numbers up to here are exact in a Double.
  guard digits <= 1 << 53 else { return .nan }
  var value = Double(digits)
  if decimals > 0 { value /= exactPowers[decimals] }
  return isNegative ? -value : value
}

/// Up to eight characters that end at a place, the last one in the most significant byte: digits as
/// 0 to 9, a point as 0x1E, everything else as more than nine; zero where there are fewer.
@inline(__always)
private func characters(before end: UnsafeRawPointer, _ count: Int) -> UInt64 {
  let word = UInt64(littleEndian: (end - 8).loadUnaligned(as: UInt64.self))
  return (word ^ 0x3030_3030_3030_3030) & (UInt64.max &<< UInt64(64 &- 8 &* count))
}

/// The byte of the first point.
@inline(__always)
private func pointPlace(_ word: UInt64) -> Int? {
  let marks = zeroBytes(word ^ 0x1E1E_1E1E_1E1E_1E1E)
  return marks == 0 ? nil : marks.trailingZeroBitCount >> 3
}

/// A word without a byte: those before it move one place up.
@inline(__always)
private func closingUp(_ word: UInt64, _ place: Int) -> UInt64 {
  let before = (1 &<< UInt64(8 &* place)) &- 1 as UInt64
  return word & ~(before << 8 | 0xFF) | (word & before) << 8
}

@inline(__always)
private func areDigits(_ word: UInt64) -> Bool {
  (word &+ 0x7676_7676_7676_7676 | word) & 0x8080_8080_8080_8080 == 0
}

/// The number that eight digits make, the first one in the least significant byte: pairs, then fours,
/// then all of them.
@inline(__always)
private func eightDigits(_ word: UInt64) -> UInt64 {
  let pairs = word &* 10 &+ word >> 8
  let mask: UInt64 = 0x0000_00FF_0000_00FF
  let first = (pairs & mask) &* (100 + 1_000_000 << 32)
  let second = (pairs >> 16 & mask) &* (1 + 10_000 << 32)
  return (first &+ second) >> 32
}

/// The most significant bit of each byte that is zero.
@inline(__always)
func zeroBytes(_ word: UInt64) -> UInt64 {
  let most: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
  return ~((word & most) &+ most | word | most)
}

/// The powers of five below 2⁶⁴.
private let powersOfFive: [UInt64] = (0...27).reduce(into: []) { powers, _ in
  powers.append((powers.last ?? 0) == 0 ? 1 : powers[powers.count - 1] * 5)
}

/// The number that a decimal of up to nineteen digits says, with an exponent or without, rounded to the
/// nearest; NaN for everything else.
///
/// The digits are a whole number below 2⁶⁴, and so is 5²⁷. Their product, or the first 62 bits of their
/// quotient and whether something is left, is all it takes to round once; powers of two are exact.
func wideDecimal(_ text: UnsafePointer<UInt8>, _ count: Int) -> Double {
  var scan = DecimalScan()
  guard scan.read(text, count) else { return .nan }
  guard scan.digits > 0 else { return scan.isNegative ? -0.0 : 0 }
  guard (-27...27).contains(scan.exponent) else { return .nan }
  var bits: UInt64
  var power = scan.exponent
  if scan.exponent >= 0 {
    let product = scan.digits.multipliedFullWidth(by: powersOfFive[scan.exponent])
    let zeros = product.high.leadingZeroBitCount
    bits = product.high << zeros | product.low >> (64 - zeros)
    if product.low << zeros != 0 { bits |= 1 }
    if product.high == 0 { bits = product.low } else { power += 64 - zeros }
  } else {
    let divisor = powersOfFive[-scan.exponent]
    let (zeros, own) = (scan.digits.leadingZeroBitCount, divisor.leadingZeroBitCount)
    let digits = scan.digits << zeros
    let (quotient, remainder) = (divisor << own).dividingFullWidth((digits >> 1, digits << 63))
    bits = remainder == 0 ? quotient : quotient | 1
    power += own - zeros - 63
  }
  // The last bit stands for all behind it, far from where a Double ends.
  let value = Double(sign: .plus, exponent: power, significand: Double(bits))
  return scan.isNegative ? -value : value
}

/// What a decimal is made of.
private struct DecimalScan {
  var isNegative = false
  var digits: UInt64 = 0
  /// Of ten.
  var exponent = 0

  /// Reads a text; false where it is no decimal, or too long.
  mutating func read(_ text: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    var index = 0
    if count > 0, text[0] == UInt8(ascii: "-") || text[0] == UInt8(ascii: "+") {
      isNegative = text[0] == UInt8(ascii: "-")
      index = 1
    }
    var significant = 0
    var hasDigits = false
    var hasPoint = false
    while index < count {
      let digit = text[index] &- 0x30
      if digit < 10 {
        hasDigits = true
        if significant > 0 || digit > 0 { significant += 1 }
        guard significant <= 19 else { return false }
        digits = digits &* 10 &+ UInt64(digit)
        if hasPoint { exponent -= 1 }
      } else if text[index] == UInt8(ascii: "."), !hasPoint {
        hasPoint = true
      } else {
        break
      }
      index += 1
    }
    guard hasDigits else { return false }
    return index == count || readExponent(text, count, from: index)
  }

  private mutating func readExponent(
    _ text: UnsafePointer<UInt8>, _ count: Int, from start: Int
  ) -> Bool {
    guard text[start] | 0x20 == UInt8(ascii: "e") else { return false }
    var index = start + 1
    var isSmall = false
    if index < count, text[index] == UInt8(ascii: "-") || text[index] == UInt8(ascii: "+") {
      isSmall = text[index] == UInt8(ascii: "-")
      index += 1
    }
    // What has more digits is beyond every number, or written in zeros.
    guard (1...4).contains(count - index) else { return false }
    var power = 0
    while index < count {
      let digit = text[index] &- 0x30
      guard digit < 10 else { return false }
      power = power * 10 + Int(digit)
      index += 1
    }
    exponent += isSmall ? -power : power
    return true
  }
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
