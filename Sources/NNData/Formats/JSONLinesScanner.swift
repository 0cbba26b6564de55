// The values of one line of JSON Lines, without a tree of them: keys, numbers, words, and arrays of
// numbers. What is read was checked to be UTF-8.

/// Walks over a line.
struct JSONLinesScanner {
  /// What is wrong, and where.
  struct Problem: Error {
    enum Kind: Equatable {
      case syntax(String, help: String? = nil)
      /// An object, or a list of other things than numbers, in a value.
      case unsupported(String)
    }

    let kind: Kind
    let place: Int
  }

  enum Value {
    case missing
    case number(Double)
    case word(String)
    case array([Double], sizes: [Int])
  }

  /// Arrays of more axes are no samples.
  private static let mostAxes = 8

  let text: UnsafeBufferPointer<UInt8>
  var place: Int
  let end: Int

  init(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    self.text = text
    place = range.lowerBound
    end = range.upperBound
  }

  /// The bytes of a string whose opening quote is next, without the quotes; nil for `decoded` where it
  /// has no escapes.
  mutating func string() throws(Problem) -> (raw: Range<Int>, decoded: String?) {
    guard place < end, text[place] == UInt8(ascii: "\"") else { throw unexpected() }
    place += 1
    let start = place
    while place < end {
      let byte = text[place]
      if byte == UInt8(ascii: "\"") {
        place += 1
        return (start..<place - 1, nil)
      }
      if byte == UInt8(ascii: "\\") {
        place = start
        return (start..<start, try escaped())
      }
      guard byte >= 0x20 else {
        throw Problem(
          kind: .syntax("a control character must be escaped in a string"), place: place)
      }
      place += 1
    }
    throw Problem(kind: .syntax("the string that begins here does not end"), place: start - 1)
  }

  func decoded(_ range: Range<Int>) -> String {
    String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self)
  }

  /// Whether the bytes of a range are those of a name.
  func equals(_ range: Range<Int>, _ name: [UInt8]) -> Bool {
    range.count == name.count && UnsafeBufferPointer(rebasing: text[range]).elementsEqual(name)
  }

  mutating func value() throws(Problem) -> Value {
    skipBlanks()
    guard place < end else { throw unexpected() }
    switch text[place] {
    case UInt8(ascii: "\""):
      let (raw, escaped) = try string()
      return .word(escaped ?? decoded(raw))
    case UInt8(ascii: "t"):
      try take("true")
      return .word("true")
    case UInt8(ascii: "f"):
      try take("false")
      return .word("false")
    case UInt8(ascii: "n"):
      try take("null")
      return .missing
    case UInt8(ascii: "["):
      var array = OpenArray()
      let start = place
      try self.array(&array, depth: 0, from: start)
      return .array(array.numbers, sizes: array.sizes)
    case UInt8(ascii: "{"):
      throw Problem(kind: .unsupported("an object"), place: place)
    default:
      return .number(try number())
    }
  }

  mutating func skipBlanks() {
    while place < end, text[place] == 0x20 || text[place] == 0x09 || text[place] == 0x0D {
      place += 1
    }
  }

  /// Moves over a sign if it is next.
  mutating func skip(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < end, text[place] == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  var isAtEnd: Bool { place >= end }

  func unexpected() -> Problem {
    guard place < end else { return Problem(kind: .syntax("the line ends too early"), place: end) }
    let rest = UnsafeBufferPointer(rebasing: text[place..<end])
    let isNumber = ["NaN", "Infinity", "-Infinity"].contains { rest.starts(with: $0.utf8) }
    let scalar = String(decoding: rest.prefix(4), as: UTF8.self).unicodeScalars.first ?? " "
    return Problem(
      kind: .syntax(
        "unexpected '\(scalar)'",
        help: isNumber ? "JSON has no NaN and no infinities; write null for what is missing." : nil),
      place: place)
  }

  private mutating func take(_ word: StaticString) throws(Problem) {
    for index in 0..<word.utf8CodeUnitCount {
      guard place + index < end, text[place + index] == word.utf8Start[index] else {
        throw unexpected()
      }
    }
    place += word.utf8CodeUnitCount
  }

  private mutating func number() throws(Problem) -> Double {
    let start = place
    func digits(_ scanner: inout JSONLinesScanner) -> Int {
      let from = scanner.place
      while scanner.place < scanner.end, scanner.text[scanner.place] &- 0x30 < 10 {
        scanner.place += 1
      }
      return scanner.place - from
    }
    if text[place] == UInt8(ascii: "-") { place += 1 }
    let first = place
    let whole = digits(&self)
    guard whole > 0 else {
      place = start
      throw unexpected()
    }
    let bad = Problem(kind: .syntax("malformed number"), place: start)
    if whole > 1, text[first] == UInt8(ascii: "0") { throw bad }
    if place < end, text[place] == UInt8(ascii: ".") {
      place += 1
      guard digits(&self) > 0 else { throw bad }
    }
    if place < end, text[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place < end, text[place] == UInt8(ascii: "+") || text[place] == UInt8(ascii: "-") {
        place += 1
      }
      guard digits(&self) > 0 else { throw bad }
    }
    if let base = text.baseAddress {
      let short = shortDecimal(base + start, place - start, readableBefore: start)
      let value = short.isNaN ? wideDecimal(base + start, place - start) : short
      if !value.isNaN { return value }
    }
    guard let value = Double(decoded(start..<place)) else { throw bad }
    return value
  }

  private struct OpenArray {
    var numbers: [Double] = []
    /// The size of each axis that has ended once.
    var sizes: [Int] = []
    /// At which depth numbers stand.
    var depth: Int?
  }

  private mutating func array(
    _ array: inout OpenArray, depth: Int, from start: Int
  ) throws(Problem) {
    guard depth < JSONLinesScanner.mostAxes else {
      throw Problem(kind: .unsupported("an array of many axes"), place: start)
    }
    let ragged = Problem(
      kind: .unsupported("an array whose rows have different sizes"), place: start)
    place += 1
    if skip("]") { throw Problem(kind: .unsupported("an empty list"), place: start) }
    if array.sizes.count == depth { array.sizes.append(0) }
    var count = 0
    repeat {
      skipBlanks()
      if place < end, text[place] == UInt8(ascii: "[") {
        if let found = array.depth, found <= depth { throw ragged }
        try self.array(&array, depth: depth + 1, from: start)
      } else {
        if let found = array.depth, found != depth { throw ragged }
        array.depth = depth
        array.numbers.append(try element(from: start))
      }
      count += 1
    } while skip(",")
    guard skip("]") else { throw unexpected() }
    if array.sizes[depth] == 0 { array.sizes[depth] = count }
    guard array.sizes[depth] == count else { throw ragged }
  }

  private mutating func element(from start: Int) throws(Problem) -> Double {
    guard place < end else { throw unexpected() }
    switch text[place] {
    case UInt8(ascii: "n"):
      try take("null")
      return .nan
    case UInt8(ascii: "\""), UInt8(ascii: "t"), UInt8(ascii: "f"), UInt8(ascii: "{"):
      throw Problem(kind: .unsupported("a list of other things than numbers"), place: start)
    default: return try number()
    }
  }
}
