import NNJSON
import Testing

@Suite struct JSONWritingTests {
  static let cases: [(JSONValue, String)] = [
    (nil, "null"),
    (true, "true"),
    (-7, "-7"),
    (1.0, "1.0"),
    (.number(-0.0), "-0.0"),
    (0.1, "0.1"),
    (1e-5, "1e-05"),
    (1e16, "1e+16"),
    (.number(.infinity), "null"),
    (.number(.nan), "null"),
    ("a\"b\\c/d", #""a\"b\\c/d""#),
    ("\n\r\t\u{8}\u{C}\u{1}\u{1F}\u{7F}", "\"\\n\\r\\t\\b\\f\\u0001\\u001f\u{7F}\""),
    ("é😀\r\n", #""é😀\r\n""#),
    ([], "[]"),
    ([:], "{}"),
    (["z": [1, [:]], "a": nil], #"{"z":[1,{}],"a":null}"#),
  ]

  @Test(arguments: cases)
  func `a value has one compact text`(_ value: JSONValue, _ text: String) {
    #expect(value.serialized() == text)
  }

  @Test func `pretty text has one member or element a line`() {
    let value: JSONValue = ["a": [1, "x"], "b": [:], "c": []]
    #expect(
      value.serialized(pretty: true) == """
        {
          "a": [
            1,
            "x"
          ],
          "b": {},
          "c": []
        }
        """)
  }

  @Test func `what is written is read back, pretty or not`() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<500 {
      let value = Self.value(depth: 4, using: &random)
      #expect(try JSONValue.parse(value.serialized()) == value)
      #expect(try JSONValue.parse(value.serialized(pretty: true)) == value)
    }
  }

  private static func value(depth: Int, using random: inout some RandomNumberGenerator)
    -> JSONValue
  {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(.random(using: &random))
    case 2: return .integer(.random(in: .min ... .max, using: &random))
    case 3:
      let double = Double(bitPattern: .random(in: .min ... .max, using: &random))
      return .number(double.isFinite ? double : 0.5)
    case 4, 5: return .string(string(using: &random))
    case 6:
      let count = Int.random(in: 0..<4, using: &random)
      return .array((0..<count).map { _ in value(depth: depth - 1, using: &random) })
    default:
      let count = Int.random(in: 0..<4, using: &random)
      return .object(
        (0..<count).map { index in
          .init("\(index)" + string(using: &random), value(depth: depth - 1, using: &random))
        })
    }
  }

  private static func string(using random: inout some RandomNumberGenerator) -> String {
    let scalars: [Unicode.Scalar] = ["a", "\"", "\\", "\n", "\u{1}", "é", "😀", "\u{301}", "\u{0}"]
    let count = Int.random(in: 0..<6, using: &random)
    return (0..<count).reduce(into: "") { text, _ in
      text.unicodeScalars.append(scalars[Int.random(in: 0..<scalars.count, using: &random)])
    }
  }
}
