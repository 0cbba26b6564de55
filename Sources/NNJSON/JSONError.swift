/// Why a text is not JSON, and where.
package struct JSONError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Problem: Sendable, Equatable {
    case unexpectedEnd
    case unexpectedByte(UInt8)
    case trailingBytes
    case badUTF8
    case badEscape
    case loneSurrogate
    case controlCharacterInString
    case badNumber
    case numberOutOfRange
    case duplicateName(String)
    case tooDeep(limit: Int)
    case tooLong(limit: Int)
  }

  package let problem: Problem
  /// The byte at which the problem begins.
  package let offset: Int

  package init(_ problem: Problem, at offset: Int) {
    self.problem = problem
    self.offset = offset
  }

  package var description: String { "\(reason) at byte \(offset)" }

  /// What is wrong, without the place.
  package var reason: String {
    switch problem {
    case .unexpectedEnd: "the text ends too early"
    case .unexpectedByte(let byte):
      if (0x21..<0x7F).contains(byte) {
        "unexpected '\(Character(Unicode.Scalar(byte)))'"
      } else {
        "unexpected byte 0x\(String(byte, radix: 16))"
      }
    case .trailingBytes: "more text follows the value"
    case .badUTF8: "the bytes are not UTF-8"
    case .badEscape: "unknown escape"
    case .loneSurrogate: "half of a surrogate pair"
    case .controlCharacterInString: "a control character must be escaped in a string"
    case .badNumber: "malformed number"
    case .numberOutOfRange: "the number is out of range"
    case .duplicateName(let name): "the name '\(name)' is given twice"
    case .tooDeep(let limit): "values are nested deeper than \(limit) levels"
    case .tooLong(let limit): "the text is longer than \(limit) bytes"
    }
  }
}

/// What a parser accepts from strangers.
package struct JSONLimits: Sendable, Equatable {
  /// How many arrays and objects may be open at once. Trees much deeper than a few thousand
  /// levels should not be asked for, since releasing a tree follows its depth.
  package var depth: Int
  /// How many bytes a text may have.
  package var byteCount: Int

  package init(depth: Int = 128, byteCount: Int = 256 << 20) {
    self.depth = depth
    self.byteCount = byteCount
  }
}
