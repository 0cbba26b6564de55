extension JSONParser {
  /// Reads a string whose opening quote is the next byte.
  mutating func parseString() throws(JSONError) -> String {
    offset += 1
    let start = offset
    // Find the end first: strings without escapes, nearly all, are made in one piece.
    while true {
      let byte = try peek()
      if byte == UInt8(ascii: "\"") {
        let text = try decode(start..<offset)
        offset += 1
        return text
      }
      if byte == UInt8(ascii: "\\") { break }
      guard byte >= 0x20 else { throw JSONError(.controlCharacterInString, at: offset) }
      offset += 1
    }

    var text = try decode(start..<offset)
    while true {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "\""):
        offset += 1
        return text
      case UInt8(ascii: "\\"):
        text.unicodeScalars.append(try parseEscape())
      default:
        let start = offset
        while true {
          let byte = try peek()
          if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") { break }
          guard byte >= 0x20 else { throw JSONError(.controlCharacterInString, at: offset) }
          offset += 1
        }
        text += try decode(start..<offset)
      }
    }
  }

  private func decode(_ range: Range<Int>) throws(JSONError) -> String {
    let slice = UnsafeRawBufferPointer(rebasing: bytes[range])
    if let text = String(validating: slice.bindMemory(to: UInt8.self), as: UTF8.self) {
      return text
    }
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: slice.bindMemory(to: UInt8.self).span)
    } catch {
      throw JSONError(.badUTF8, at: range.lowerBound + error.byteOffsets.lowerBound)
    }
    throw JSONError(.badUTF8, at: range.lowerBound)
  }

  /// Reads an escape whose backslash is the next byte.
  private mutating func parseEscape() throws(JSONError) -> Unicode.Scalar {
    let start = offset
    offset += 1
    let byte = try peek()
    offset += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw JSONError(.badEscape, at: start)
    }

    let unit = try parseHexadecimal(escape: start)
    if let scalar = Unicode.Scalar(unit) { return scalar }
    // What is left are surrogates: a high one must be followed by an escaped low one.
    guard unit < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw JSONError(.loneSurrogate, at: start) }
    let second = offset
    offset += 2
    let low = try parseHexadecimal(escape: second)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00))
    else { throw JSONError(.loneSurrogate, at: start) }
    return scalar
  }

  private mutating func parseHexadecimal(escape start: Int) throws(JSONError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = try peek()
      let digit: UInt8
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
      case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
      default: throw JSONError(.badEscape, at: start)
      }
      value = value << 4 | UInt32(digit)
      offset += 1
    }
    return value
  }

  /// Reads a number whose first byte is the next one.
  mutating func parseNumber() throws(JSONError) -> JSONValue {
    let start = offset
    let isNegative = bytes[offset] == UInt8(ascii: "-")
    if isNegative { offset += 1 }

    // Digits are gathered below zero because the smallest integer has no positive twin.
    var integer: Int64 = 0
    var overflows = false
    let first = offset
    while let digit = digit() {
      let (product, overflow1) = integer.multipliedReportingOverflow(by: 10)
      let (difference, overflow2) = product.subtractingReportingOverflow(Int64(digit))
      overflows = overflows || overflow1 || overflow2
      integer = difference
      offset += 1
    }
    let hasLeadingZero = offset - first > 1 && bytes[first] == UInt8(ascii: "0")
    guard !hasLeadingZero else { throw JSONError(.badNumber, at: start) }
    guard offset > first else { throw numberError(start) }

    var isInteger = true
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      isInteger = false
      offset += 1
      try skipDigits(start)
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      isInteger = false
      offset += 1
      if offset < bytes.count,
        bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-")
      {
        offset += 1
      }
      try skipDigits(start)
    }

    if isInteger {
      // Minus zero is not a whole number that Int64 holds; its sign would be lost.
      if isNegative, integer == 0, !overflows { return .number(-0.0) }
      guard !overflows, isNegative || integer != .min else {
        throw JSONError(.numberOutOfRange, at: start)
      }
      return .integer(isNegative ? integer : -integer)
    }
    let digits = UnsafeRawBufferPointer(rebasing: bytes[start..<offset])
    guard let value = Double(String(decoding: digits, as: UTF8.self)), value.isFinite else {
      throw JSONError(.numberOutOfRange, at: start)
    }
    return .number(value)
  }

  private func digit() -> UInt8? {
    guard offset < bytes.count else { return nil }
    let byte = bytes[offset]
    return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? byte - UInt8(ascii: "0") : nil
  }

  private mutating func skipDigits(_ start: Int) throws(JSONError) {
    guard digit() != nil else { throw numberError(start) }
    while digit() != nil { offset += 1 }
  }

  private func numberError(_ start: Int) -> JSONError {
    offset < bytes.count ? JSONError(.badNumber, at: start) : JSONError(.unexpectedEnd, at: offset)
  }
}
