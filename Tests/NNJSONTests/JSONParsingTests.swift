import NNJSON
import Testing

@Suite struct JSONParsingTests {
  static let wellFormed: [(String, JSONValue)] = [
    ("null", .null),
    (" true ", true),
    ("\t\r\nfalse", false),
    ("0", 0),
    ("-0", .number(-0.0)),
    ("-9223372036854775808", .integer(.min)),
    ("9223372036854775807", .integer(.max)),
    ("1.0", 1.0),
    ("1e3", 1000.0),
    ("1E+3", 1000.0),
    ("0.1", 0.1),
    ("5e-324", .number(.leastNonzeroMagnitude)),
    ("\"\"", ""),
    ("\"é😀\"", "é😀"),
    (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
    (#""A\u0041\u00e9""#, "AAé"),
    (#""\uD83D\uDE00!""#, "😀!"),
    (#""a\u0000b""#, "a\u{0}b"),
    ("[]", []),
    ("{ }", [:]),
    ("[1, [2, {}], \"x\"]", [1, [2, [:]], "x"]),
    (#"{"b": 1, "a": {"b": [null]}}"#, ["b": 1, "a": ["b": [nil]]]),
  ]

  @Test(arguments: wellFormed)
  func `well-formed text is read as its value`(_ text: String, _ value: JSONValue) throws {
    #expect(try JSONValue.parse(text) == value)
  }

  static let malformed: [(String, JSONError.Problem, Int)] = [
    ("", .unexpectedEnd, 0),
    ("  ", .unexpectedEnd, 2),
    ("nul", .unexpectedEnd, 3),
    ("nulL", .unexpectedByte(0x4C), 3),
    ("True", .unexpectedByte(0x54), 0),
    ("1 2", .trailingBytes, 2),
    ("[] x", .trailingBytes, 3),
    ("[1,]", .unexpectedByte(0x5D), 3),
    ("[,1]", .unexpectedByte(0x2C), 1),
    ("[1 2]", .unexpectedByte(0x32), 3),
    ("[1}", .unexpectedByte(0x7D), 2),
    ("[1", .unexpectedEnd, 2),
    ("[", .unexpectedEnd, 1),
    ("{", .unexpectedEnd, 1),
    ("{a: 1}", .unexpectedByte(0x61), 1),
    ("{'a': 1}", .unexpectedByte(0x27), 1),
    (#"{"a" 1}"#, .unexpectedByte(0x31), 5),
    (#"{"a": }"#, .unexpectedByte(0x7D), 6),
    (#"{"a": 1,}"#, .unexpectedByte(0x7D), 8),
    (#"{"a": 1, "a": 2}"#, .duplicateName("a"), 9),
    ("// no\n1", .unexpectedByte(0x2F), 0),
    ("NaN", .unexpectedByte(0x4E), 0),
    ("Infinity", .unexpectedByte(0x49), 0),
    ("+1", .unexpectedByte(0x2B), 0),
    (".5", .unexpectedByte(0x2E), 0),
    ("01", .badNumber, 0),
    ("-01", .badNumber, 0),
    ("[-]", .badNumber, 1),
    ("-", .unexpectedEnd, 1),
    ("1.", .unexpectedEnd, 2),
    ("[1.]", .badNumber, 1),
    ("[1e]", .badNumber, 1),
    ("[1e+]", .badNumber, 1),
    ("0x10", .trailingBytes, 1),
    ("9223372036854775808", .numberOutOfRange, 0),
    ("-9223372036854775809", .numberOutOfRange, 0),
    ("[1e999]", .numberOutOfRange, 1),
    ("-1e999", .numberOutOfRange, 0),
    ("\"abc", .unexpectedEnd, 4),
    ("\"a\nb\"", .controlCharacterInString, 2),
    ("\"\\n\u{1}\"", .controlCharacterInString, 3),
    (#""\x41""#, .badEscape, 1),
    (#""\u12g4""#, .badEscape, 1),
    (#""\u12"#, .unexpectedEnd, 5),
    (#""\uD800""#, .loneSurrogate, 1),
    (#""\uD800x""#, .loneSurrogate, 1),
    (#""\uD800\n""#, .loneSurrogate, 1),
    (#""\uD800\uD800""#, .loneSurrogate, 1),
    (#""\uDC00""#, .loneSurrogate, 1),
    ("\u{FEFF}1", .unexpectedByte(0xEF), 0),
  ]

  @Test(arguments: malformed)
  func `malformed text is refused with its place`(
    _ text: String, _ problem: JSONError.Problem, _ offset: Int
  ) {
    #expect(throws: JSONError(problem, at: offset)) { try JSONValue.parse(text) }
  }

  static let badUTF8: [([UInt8], Int)] = [
    ([0x22, 0xFF, 0x22], 1),
    ([0x22, 0x61, 0xC3, 0x22], 2),
    ([0x22, 0xC0, 0x80, 0x22], 1),
    ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),
    ([0x22, 0xF5, 0x80, 0x80, 0x80, 0x22], 1),
    ([0x22, 0x5C, 0x6E, 0x80, 0x22], 3),
  ]

  @Test(arguments: badUTF8)
  func `bytes that are not UTF-8 are refused at the first of them`(_ bytes: [UInt8], _ offset: Int)
  {
    #expect(throws: JSONError(.badUTF8, at: offset)) { try JSONValue.parse(bytes) }
  }

  @Test func `names that differ only in composition count as duplicates`() {
    #expect(throws: JSONError(.duplicateName("e\u{301}"), at: 9)) {
      try JSONValue.parse("{\"\u{e9}\": 1,\"e\u{301}\": 2}")
    }
  }

  @Test func `a duplicate among many names is found`() {
    let names = (0..<100).map { "\"n\($0)\": \($0)" }.joined(separator: ",")
    #expect(throws: JSONError.self) { try JSONValue.parse("{\(names), \"n50\": 0}") }
    #expect(throws: Never.self) { try JSONValue.parse("{\(names), \"x\": 0}") }
  }

  @Test func `a million open brackets are refused at the limit`() {
    let bytes = Array(repeating: UInt8(ascii: "["), count: 1_000_000)
    #expect(throws: JSONError(.tooDeep(limit: 128), at: 128)) { try JSONValue.parse(bytes) }
  }

  @Test func `nesting up to the limit is read`() throws {
    let text = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try JSONValue.parse(text).serialized() == text)
  }

  @Test func `a text above the length limit is not looked at`() {
    #expect(throws: JSONError(.tooLong(limit: 3), at: 3)) {
      try JSONValue.parse("[1]x", limits: JSONLimits(byteCount: 3))
    }
  }

  @Test func `members are found by name and elements by place`() throws {
    let value = try JSONValue.parse(#"{"a": [1, 2.5, "x", true, null]}"#)
    #expect(value["a"]?[0]?.integerValue == 1)
    #expect(value["a"]?[1]?.doubleValue == 2.5)
    #expect(value["a"]?[2]?.stringValue == "x")
    #expect(value["a"]?[3]?.boolValue == true)
    #expect(value["a"]?[4]?.isNull == true)
    #expect(value["a"]?[5] == nil)
    #expect(value["b"] == nil)
    #expect(value.members?.count == 1)
  }

  @Test func `an error says what and where`() {
    #expect(JSONError(.unexpectedByte(0x7D), at: 6).description == "unexpected '}' at byte 6")
    #expect(JSONError(.unexpectedByte(0x00), at: 0).description == "unexpected byte 0x0 at byte 0")
  }
}
