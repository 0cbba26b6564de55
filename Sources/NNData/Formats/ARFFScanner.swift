/// Walks over a line of an ARFF file.
struct ARFFScanner {
  struct Problem: Error {
    let place: Range<Int>
    let code: String
    let message: String
    let help: String?

    /// From a place to where the scanner is.
    init(
      _ scanner: ARFFScanner, from start: Int, _ code: String, _ message: String,
      help: String? = nil
    ) {
      place = start..<max(start, scanner.place)
      self.code = code
      self.message = message
      self.help = help
    }
  }

  private let text: UnsafeBufferPointer<UInt8>
  private(set) var place: Int
  private let end: Int

  init(_ text: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) {
    self.text = text
    place = line.lowerBound
    end = line.upperBound
  }

  /// The next sign that is no blank; nil at the end of the line.
  mutating func peek() -> UInt8? {
    while place < end, isBlank(text[place]) { place += 1 }
    return place < end ? text[place] : nil
  }

  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  /// A word such as `@data`, in small letters.
  mutating func keyword() -> String {
    _ = peek()
    let start = place
    while place < end, !isBlank(text[place]) { place += 1 }
    return String(decoding: text[start..<place], as: UTF8.self).lowercased()
  }

  /// A value or a name: in quotes of either kind, or up to a blank, a comma or a brace.
  mutating func word() throws(Problem) -> (text: String, isQuoted: Bool) {
    guard let sign = peek() else {
      throw Problem(self, from: place, "uneven-row", "the line ends where a value should be")
    }
    let start = place
    if sign == UInt8(ascii: "'") || sign == UInt8(ascii: "\"") {
      return (try quoted(by: sign), true)
    }
    let ends = ",{}".utf8
    while place < end, !isBlank(text[place]), !ends.contains(text[place]) { place += 1 }
    guard place > start else {
      throw Problem(
        self, from: start, "uneven-row", "a value is empty", help: "A missing value is written ?.")
    }
    return (String(decoding: text[start..<place], as: UTF8.self), false)
  }

  private mutating func quoted(by quote: UInt8) throws(Problem) -> String {
    let start = place
    place += 1
    var bytes: [UInt8] = []
    while place < end {
      var byte = text[place]
      place += 1
      if byte == quote { return String(decoding: bytes, as: UTF8.self) }
      if byte == UInt8(ascii: "\\"), place < end {
        byte = text[place]
        place += 1
        switch byte {
        case UInt8(ascii: "n"): byte = 0x0A
        case UInt8(ascii: "r"): byte = 0x0D
        case UInt8(ascii: "t"): byte = 0x09
        default: break
        }
      }
      bytes.append(byte)
    }
    throw Problem(
      self, from: start, "unclosed-quote", "the quote that opens here is never closed",
      help: "A quote inside a quoted value is written behind a backslash.")
  }
}
