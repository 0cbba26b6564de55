extension JSONLinesScanner {
  /// A string with escapes; the next byte is its first.
  mutating func escaped() throws(Problem) -> String {
    var result: [UInt8] = []
    while place < end {
      let byte = text[place]
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: result, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &result)
      case 0..<0x20:
        throw Problem(
          kind: .syntax("a control character must be escaped in a string"), place: place - 1)
      default: result.append(byte)
      }
    }
    throw Problem(kind: .syntax("the string does not end"), place: end)
  }

  private mutating func escape(into result: inout [UInt8]) throws(Problem) {
    let start = place - 1
    guard place < end else { throw unexpected() }
    let byte = text[place]
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
    case UInt8(ascii: "b"): result.append(0x08)
    case UInt8(ascii: "f"): result.append(0x0C)
    case UInt8(ascii: "n"): result.append(0x0A)
    case UInt8(ascii: "r"): result.append(0x0D)
    case UInt8(ascii: "t"): result.append(0x09)
    case UInt8(ascii: "u"):
      guard var code = hexadecimal() else {
        throw Problem(kind: .syntax("unknown escape"), place: start)
      }
      if (0xD800..<0xDC00).contains(code), place + 1 < end, text[place] == UInt8(ascii: "\\"),
        text[place + 1] == UInt8(ascii: "u")
      {
        place += 2
        // A low half must follow; the check below refuses what is left else.
        if let low = hexadecimal(), (0xDC00..<0xE000).contains(low) {
          code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw Problem(kind: .syntax("half of a surrogate pair"), place: start)
      }
      result += Array(String(Character(scalar)).utf8)
    default: throw Problem(kind: .syntax("unknown escape"), place: start)
    }
  }

  private mutating func hexadecimal() -> UInt32? {
    guard place + 4 <= end else { return nil }
    let digits = UnsafeBufferPointer(rebasing: text[place..<place + 4])
    guard digits.allSatisfy({ $0 &- 0x30 < 10 || ($0 | 0x20) &- 0x61 < 6 }) else { return nil }
    place += 4
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
