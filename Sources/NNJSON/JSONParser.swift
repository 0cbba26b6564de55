extension JSONValue {
  /// Reads one JSON document (RFC 8259), trusting nothing.
  ///
  /// Refused beside what the grammar refuses: names given twice in an object, UTF-8 that is not
  /// well-formed, halves of surrogate pairs, and numbers that no 64-bit integer or double holds.
  /// Names count as equal when they are canonically equivalent, as Swift strings do.
  ///
  /// - Complexity: O(*n*) in the number of bytes; the stack does not grow with the nesting.
  package static func parse(
    _ bytes: UnsafeRawBufferPointer, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    guard bytes.count <= limits.byteCount else {
      throw JSONError(.tooLong(limit: limits.byteCount), at: limits.byteCount)
    }
    var parser = JSONParser(bytes: bytes, limits: limits)
    return try parser.parseDocument()
  }

  /// Reads one JSON document from an array of bytes.
  package static func parse(
    _ bytes: [UInt8], limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    // The closure hands the outcome over as a value because it cannot throw a typed error.
    let outcome: Result<JSONValue, JSONError> = bytes.withUnsafeBytes { buffer in
      do throws(JSONError) {
        return .success(try parse(buffer, limits: limits))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Reads one JSON document from a string.
  package static func parse(
    _ text: String, limits: JSONLimits = JSONLimits()
  ) throws(JSONError) -> JSONValue {
    try parse(Array(text.utf8), limits: limits)
  }
}

/// Reads values one after the other, with the open arrays and objects on a stack of its own.
struct JSONParser {
  let bytes: UnsafeRawBufferPointer
  let limits: JSONLimits
  var offset = 0
  private var open: [Container] = []

  /// An array or object whose end is not reached yet.
  private enum Container {
    case array([JSONValue])
    case object(OpenObject)
  }

  private struct OpenObject {
    var members: [JSONValue.Member] = []
    var name = ""
    /// The names so far, kept only once there are too many to compare one by one.
    var names: Set<String> = []

    func contains(_ name: String) -> Bool {
      names.isEmpty ? members.contains { $0.name == name } : names.contains(name)
    }

    mutating func append(_ value: JSONValue) {
      members.append(JSONValue.Member(name, value))
      if !names.isEmpty {
        names.insert(name)
      } else if members.count > 16 {
        names = Set(members.lazy.map(\.name))
      }
    }
  }

  init(bytes: UnsafeRawBufferPointer, limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
  }

  mutating func parseDocument() throws(JSONError) -> JSONValue {
    while true {
      var value = try parseScalarOrOpen()
      // A finished value closes as many containers as end right behind it.
      while let finished = value {
        if open.isEmpty {
          skipWhitespace()
          guard offset == bytes.count else { throw JSONError(.trailingBytes, at: offset) }
          return finished
        }
        value = try add(finished)
      }
    }
  }

  /// Reads a scalar or an empty container, or opens a container and returns nil.
  private mutating func parseScalarOrOpen() throws(JSONError) -> JSONValue? {
    skipWhitespace()
    switch try peek() {
    case UInt8(ascii: "{"):
      try checkDepth()
      offset += 1
      skipWhitespace()
      if try peek() == UInt8(ascii: "}") {
        offset += 1
        return .object([])
      }
      var object = OpenObject()
      object.name = try parseName(of: object)
      open.append(.object(object))
      return nil
    case UInt8(ascii: "["):
      try checkDepth()
      offset += 1
      skipWhitespace()
      if try peek() == UInt8(ascii: "]") {
        offset += 1
        return .array([])
      }
      open.append(.array([]))
      return nil
    case UInt8(ascii: "\""): return .string(try parseString())
    case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
    case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
    case UInt8(ascii: "n"): return try parseWord("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
    case let byte: throw JSONError(.unexpectedByte(byte), at: offset)
    }
  }

  /// Adds a value to the innermost container and returns that container if it ends here.
  private mutating func add(_ value: JSONValue) throws(JSONError) -> JSONValue? {
    skipWhitespace()
    let byte = try peek()
    // Taking the container off the stack leaves its storage with one owner, so that appending
    // does not copy it.
    guard let innermost = open.popLast() else { return value }
    switch innermost {
    case .array(var elements):
      elements.append(value)
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "]") else {
        throw JSONError(.unexpectedByte(byte), at: offset)
      }
      offset += 1
      if byte == UInt8(ascii: "]") { return .array(elements) }
      open.append(.array(elements))
    case .object(var object):
      object.append(value)
      guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: "}") else {
        throw JSONError(.unexpectedByte(byte), at: offset)
      }
      offset += 1
      if byte == UInt8(ascii: "}") { return .object(object.members) }
      object.name = try parseName(of: object)
      open.append(.object(object))
    }
    return nil
  }

  private mutating func parseName(of object: OpenObject) throws(JSONError) -> String {
    skipWhitespace()
    let start = offset
    let byte = try peek()
    guard byte == UInt8(ascii: "\"") else { throw JSONError(.unexpectedByte(byte), at: offset) }
    let name = try parseString()
    guard !object.contains(name) else { throw JSONError(.duplicateName(name), at: start) }
    skipWhitespace()
    let colon = try peek()
    guard colon == UInt8(ascii: ":") else { throw JSONError(.unexpectedByte(colon), at: offset) }
    offset += 1
    return name
  }

  private func checkDepth() throws(JSONError) {
    guard open.count < limits.depth else {
      throw JSONError(.tooDeep(limit: limits.depth), at: offset)
    }
  }

  private mutating func parseWord(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for index in 0..<word.utf8CodeUnitCount {
      let byte = try peek()
      guard byte == word.utf8Start[index] else {
        throw JSONError(.unexpectedByte(byte), at: offset)
      }
      offset += 1
    }
    return value
  }

  private mutating func skipWhitespace() {
    while offset < bytes.count {
      switch bytes[offset] {
      case 0x20, 0x09, 0x0A, 0x0D: offset += 1
      default: return
      }
    }
  }

  func peek() throws(JSONError) -> UInt8 {
    guard offset < bytes.count else { throw JSONError(.unexpectedEnd, at: offset) }
    return bytes[offset]
  }
}
