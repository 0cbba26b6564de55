// What stands before the numbers of an array that NumPy wrote: a magic, a version, and a literal of
// Python with the type, the order and the sizes.

/// The head of a `.npy` file.
struct NumPyHeader: Equatable {
  /// What each value is.
  enum Value: Equatable {
    case number(ElementType, isBigEndian: Bool)
    /// So many characters of 32 bits, those behind the text zero.
    case text(characters: Int, isBigEndian: Bool)
    /// So many bytes, those behind the text zero.
    case bytes(Int)

    var byteCount: Int {
      switch self {
      case .number(let element, _): element.byteCount
      case .text(let characters, _): 4 * characters
      case .bytes(let count): count
      }
    }
  }

  let value: Value
  let isFortran: Bool
  let sizes: [Int]
  /// Bytes before the first value.
  let byteCount: Int

  /// The longest header that is read; one of a plain array has about a hundred bytes.
  static let limit = 1 << 16

  /// - bytes: of the file from its beginning, at least ``limit`` and the magic where it is longer.
  init(_ bytes: [UInt8]) throws(FormatProblem) {
    guard bytes.starts(with: [0x93] + Array("NUMPY".utf8)), bytes.count >= 8 else {
      throw .malformed("it does not begin as an array of NumPy does")
    }
    let length: Int?
    let start: Int
    switch bytes[6] {
    case 1:
      length = littleEndian(UInt16.self, bytes, at: 8).map(Int.init)
      start = 10
    case 2, 3:
      length = littleEndian(UInt32.self, bytes, at: 8).map(Int.init)
      start = 12
    default: throw .malformed("it is of version \(bytes[6]), and known are 1 to 3")
    }
    guard let length, length <= NumPyHeader.limit, bytes.count - start >= length else {
      throw .malformed("its header ends early, or is longer than \(NumPyHeader.limit) bytes")
    }
    byteCount = start + length
    var literal = PythonLiteral(Array(bytes[start..<start + length]))
    guard let members = literal.dictionary(), Set(members.map(\.name)).count == members.count else {
      throw .malformed("its header is no dictionary")
    }
    func member(_ name: String) -> PythonLiteral.Value? { members.first { $0.name == name }?.value }
    guard case .bool(let isFortran)? = member("fortran_order"),
      case .tuple(let sizes)? = member("shape"), members.count == 3
    else { throw .malformed("its header does not say type, order and sizes, and only those") }
    self.isFortran = isFortran
    self.sizes = sizes
    switch member("descr") {
    case .text(let text)?: value = try NumPyHeader.value(text)
    case .list?:
      throw .unsupported(
        "its values are records of several fields", help: "Save each field as an array.")
    default: throw .malformed("its header does not say the type of its values")
    }
  }

  /// What a type such as `<f4` means.
  private static func value(_ text: String) throws(FormatProblem) -> Value {
    var rest = Array(text.utf8)[...]
    var isBigEndian = false
    if let order = rest.first, "<>|=".utf8.contains(order) {
      isBigEndian = order == UInt8(ascii: ">")
      rest.removeFirst()
    }
    let kind = rest.popFirst()
    let size = Int(String(decoding: rest, as: UTF8.self))
    if kind == UInt8(ascii: "O") {
      throw .unsupported(
        "its values are pickled objects of Python, which could run any program",
        help: "Convert it to an array of numbers, such as with astype, and save it with "
          + "allow_pickle=False.")
    }
    let element: ElementType?
    switch (kind, size) {
    case (UInt8(ascii: "b"), 1): element = .bool
    case (UInt8(ascii: "u"), 1): element = .uint8
    case (UInt8(ascii: "u"), 2): element = .uint16
    case (UInt8(ascii: "u"), 4): element = .uint32
    case (UInt8(ascii: "u"), 8): element = .uint64
    case (UInt8(ascii: "i"), 1): element = .int8
    case (UInt8(ascii: "i"), 2): element = .int16
    case (UInt8(ascii: "i"), 4): element = .int32
    case (UInt8(ascii: "i"), 8): element = .int64
    case (UInt8(ascii: "f"), 2): element = .float16
    case (UInt8(ascii: "f"), 4): element = .float32
    case (UInt8(ascii: "f"), 8): element = .float64
    default: element = nil
    }
    if let element { return .number(element, isBigEndian: isBigEndian) }
    // A longer text would be a document, which is no word.
    if let size, (1...1 << 16).contains(size) {
      if kind == UInt8(ascii: "U") { return .text(characters: size, isBigEndian: isBigEndian) }
      if kind == UInt8(ascii: "S") { return .bytes(size) }
    }
    throw .unsupported(
      "its values are of the type '\(shortened(text))'",
      help: "Numbers are of 8 to 64 bits, real; convert it with astype.")
  }
}

/// The literals of Python that a header is made of.
struct PythonLiteral {
  enum Value: Equatable {
    case text(String)
    case bool(Bool)
    case tuple([Int])
    /// Of whatever is in it.
    case list
  }

  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// A dictionary that is all there is; nil where it is none.
  mutating func dictionary() -> [(name: String, value: Value)]? {
    guard take("{") else { return nil }
    var members: [(name: String, value: Value)] = []
    while !take("}") {
      guard members.count < 16, let name = text(), take(":"), let value = value() else {
        return nil
      }
      members.append((name, value))
      if take(",") { continue }
      guard take("}") else { return nil }
      break
    }
    skipBlanks()
    return place == bytes.count ? members : nil
  }

  private mutating func value() -> Value? {
    skipBlanks()
    guard place < bytes.count else { return nil }
    switch bytes[place] {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "T"): return takeWord("True") ? .bool(true) : nil
    case UInt8(ascii: "F"): return takeWord("False") ? .bool(false) : nil
    case UInt8(ascii: "("): return tuple()
    case UInt8(ascii: "["): return skipList() ? .list : nil
    default: return nil
    }
  }

  private mutating func text() -> String? {
    skipBlanks()
    guard place < bytes.count else { return nil }
    let quote = bytes[place]
    guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    guard let end = bytes[(place + 1)...].firstIndex(of: quote) else { return nil }
    defer { place = end + 1 }
    let text = bytes[place + 1..<end]
    return text.contains(UInt8(ascii: "\\")) ? nil : String(decoding: text, as: UTF8.self)
  }

  private mutating func tuple() -> Value? {
    guard take("(") else { return nil }
    var numbers: [Int] = []
    while !take(")") {
      skipBlanks()
      let digits = bytes[place...].prefix { $0 &- 0x30 < 10 }
      guard numbers.count < 64, let number = Int(String(decoding: digits, as: UTF8.self)) else {
        return nil
      }
      place += digits.count
      // Python 2 wrote long ones so.
      _ = take("L")
      numbers.append(number)
      if take(",") { continue }
      guard take(")") else { return nil }
      break
    }
    return .tuple(numbers)
  }

  /// Skips a list to the bracket that closes it; brackets in texts do not occur in types.
  private mutating func skipList() -> Bool {
    var depth = 0
    while place < bytes.count {
      if bytes[place] == UInt8(ascii: "[") { depth += 1 }
      if bytes[place] == UInt8(ascii: "]") { depth -= 1 }
      place += 1
      if depth == 0 { return true }
    }
    return false
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[place]) { place += 1 }
  }

  private mutating func take(_ sign: Unicode.Scalar) -> Bool {
    skipBlanks()
    guard place < bytes.count, bytes[place] == UInt8(ascii: sign) else { return false }
    place += 1
    return true
  }

  private mutating func takeWord(_ word: String) -> Bool {
    guard bytes[place...].starts(with: word.utf8) else { return false }
    place += word.utf8.count
    return true
  }
}
