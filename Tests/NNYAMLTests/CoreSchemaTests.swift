import NNYAML
import Testing

@Suite struct CoreSchemaTests {
  static let cases: [(String, YAMLValue)] = [
    ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null),
    ("nUll", .string("nUll")),
    ("true", .bool(true)), ("True", .bool(true)), ("TRUE", .bool(true)),
    ("false", .bool(false)), ("False", .bool(false)), ("FALSE", .bool(false)),
    ("tRue", .string("tRue")),
    // What YAML 1.1 and its libraries take for something else.
    ("no", .string("no")), ("yes", .string("yes")), ("on", .string("on")),
    ("off", .string("off")), ("n", .string("n")), ("y", .string("y")),
    ("1:30", .string("1:30")), ("2024-01-01", .string("2024-01-01")),
    ("1_000", .string("1_000")), ("0b101", .string("0b101")), ("010", .int(10)),
    ("09", .int(9)), ("0o8", .string("0o8")), ("1e-3", .float(1e-3)),
    // Integers.
    ("0", .int(0)), ("-0", .int(0)), ("+5", .int(5)), ("-17", .int(-17)),
    ("0o17", .int(15)), ("0xFF", .int(255)), ("0xff", .int(255)),
    ("-0x1", .string("-0x1")), ("0X1", .string("0X1")), ("0x", .string("0x")),
    ("0o", .string("0o")), ("9223372036854775807", .int(.max)),
    ("-9223372036854775808", .int(.min)),
    // Floats.
    ("1.", .float(1)), (".5", .float(0.5)), ("-.5", .float(-0.5)), ("+1.5", .float(1.5)),
    ("1e3", .float(1000)), ("1E+3", .float(1000)), ("1.e3", .float(1000)),
    ("0.0", .float(0)), ("0e999", .float(0)), ("1e-400x", .string("1e-400x")),
    (".inf", .float(.infinity)), ("+.INF", .float(.infinity)), ("-.Inf", .float(-.infinity)),
    (".iNf", .string(".iNf")), ("inf", .string("inf")), ("nan", .string("nan")),
    ("+.nan", .string("+.nan")),
    // Nearly numbers.
    (".", .string(".")), ("-", .string("-")), ("+", .string("+")), ("e3", .string("e3")),
    (".e3", .string(".e3")), ("1e", .string("1e")), ("1e+", .string("1e+")),
    ("1.2.3", .string("1.2.3")), ("1-2", .string("1-2")), ("--1", .string("--1")),
    ("٣", .string("٣")), ("1e5f", .string("1e5f")), ("0x1p3", .string("0x1p3")),
  ]

  @Test(arguments: cases)
  func `a scalar without quotes means what YAML 1.2 says`(_ text: String, _ value: YAMLValue)
    throws
  {
    // A lone dash would begin a list, so it is read where that is impossible.
    let (node, _, codes) = read(text == "-" ? "[\"-\"]" : "[a, \(text.isEmpty ? "~" : text)]")
    #expect(codes == [])
    let scalar = try #require(node?.sequence?.last?.scalar)
    #expect(scalar.value == value)
  }

  @Test func `nan is not a number`() throws {
    let value = try #require(read("a: .nan").node?.mapping?["a"]?.scalar?.value)
    guard case .float(let number) = value else {
      Issue.record("not a float")
      return
    }
    #expect(number.isNaN)
  }

  @Test(arguments: ["'1'", "\"1\"", "|-\n  1", ">-\n  1"])
  func `quoted and block scalars are strings`(_ text: String) {
    let scalar = read("a: \(text)").node?.mapping?["a"]?.scalar
    #expect(scalar == YAMLScalar(text: "1", isPlain: false, value: .string("1")))
  }

  @Test(arguments: [
    "9223372036854775808", "-9223372036854775809", "0xFFFFFFFFFFFFFFFF", "1e999", "-1e999",
    "1e-999",
  ])
  func `a number that does not fit is an error and not another number`(_ text: String) {
    #expect(read("a: \(text)").codes == ["number-out-of-range"])
    #expect(read("\(text): a").codes == [])
    #expect(read("a: '\(text)'").codes == [])
  }
}
