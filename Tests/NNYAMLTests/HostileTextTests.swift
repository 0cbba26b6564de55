import NNDiagnostics
import NNYAML
import Testing

@Suite struct HostileTextTests {
  /// Texts that would cost a careless reader much, each with the only problem to be reported.
  static let cases: [(name: String, text: @Sendable () -> String, code: String?)] = [
    ("a million brackets", { String(repeating: "[", count: 1_000_000) }, "too-deep"),
    ("a million braces", { String(repeating: "{", count: 1_000_000) }, "too-deep"),
    ("a million dashes", { String(repeating: "- ", count: 1_000_000) }, "too-deep"),
    ("a million question marks", { String(repeating: "? ", count: 1_000_000) }, "too-deep"),
    ("a million brackets on lines", { String(repeating: "[\n", count: 1_000_000) }, "too-deep"),
    (
      "nested indentation",
      {
        (0..<200).map { String(repeating: " ", count: $0) + "a:\n" }.joined()
      }, "too-deep"
    ),
    ("a billion laughs", { bomb(levels: 12) }, "too-many-nodes"),
    (
      "aliases nested in aliases",
      {
        "a0: &a0 []\n" + (1..<200).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
      }, "too-deep"
    ),
    (
      "merges of merges",
      {
        let keys = (0..<1000).map { "k\($0): 1" }.joined(separator: ", ")
        return "x: &x {\(keys)}\ny:\n" + String(repeating: "  - {<<: *x}\n", count: 2000)
      }, "too-many-nodes"
    ),
    (
      "a scalar of two megabytes", { "a: " + String(repeating: "x", count: 2 << 20) },
      "scalar-too-long"
    ),
    ("a long key", { String(repeating: "k", count: 2000) + ": 1" }, "key-too-long"),
    (
      "a long explicit key", { "? " + String(repeating: "k", count: 2000) + "\n: 1" },
      "key-too-long"
    ),
    (
      "a long key below another", { "a: 1\n" + String(repeating: "k", count: 2000) + ": 1\nb: 2" },
      "key-too-long"
    ),
    (
      "a number of a million digits", { "a: " + String(repeating: "1", count: 1_000_000) },
      "number-out-of-range"
    ),
    ("seventeen megabytes", { String(repeating: "#", count: 17 << 20) }, "file-too-large"),
    (
      "many directives",
      {
        (0..<100_000).map { "%TAG !a\($0)! b\n" }.joined() + "--- a\n"
      }, "unknown-directive"
    ),
    (
      "many directives behind a document",
      {
        "--- {}\n...\n" + (0..<100_000).map { "%TAG !a\($0)! b\n" }.joined() + "--- a\n"
      }, "reserved-character"
    ),
    ("a line of a megabyte", { "[" + String(repeating: "é, ", count: 100_000) + "1]" }, nil),
    ("many keys", { (0..<100_000).map { "k\($0): 1\n" }.joined() }, nil),
    ("one accent after the other", { "a: e" + String(repeating: "\u{301}", count: 500_000) }, nil),
  ]

  @Test(arguments: 0..<cases.count)
  func `hostile texts are answered at once`(_ index: Int) {
    let (name, text, code) = Self.cases[index]
    let source = SourceText(name: "m.yaml", text: text())
    var codes: [String] = []
    let time = ContinuousClock().measure { codes = parseYAML(source).diagnostics.map(\.code) }
    #expect(codes == [code].compactMap(\.self), "\(name)")
    // Debug builds on a busy machine are slow, but what is quadratic takes minutes.
    #expect(time < .seconds(20), "\(name)")
  }

  private static func bomb(levels: Int) -> String {
    "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
      + (1..<levels).map { level in
        let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
        return "a\(level): &a\(level) [\(aliases)]\n"
      }.joined()
  }

  @Test func `the problem of an alias bomb is shown at the alias that goes too far`() {
    #expect(
      read(Self.bomb(levels: 3), limits: YAMLLimits(nodeCount: 200)).problems == """
        error[too-many-nodes]: the text has more than 200 values once its aliases are replaced
         --> m.yaml:3:10
          |
        3 | a2: &a2 [*a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1, *a1]
          |          ^^^
        """)
  }

  @Test func `nesting up to the limit is read`() {
    let nested = String(repeating: "[", count: 100) + String(repeating: "]", count: 100)
    #expect(read(nested).codes == [])
    #expect(read("[\(nested)]").codes == ["too-deep"])
    #expect(read("a: &a [[1]]\nb: [*a]\n", limits: YAMLLimits(depth: 4)).codes == [])
    #expect(read("a: &a [[1]]\nb: [*a]\n", limits: YAMLLimits(depth: 3)).codes == ["too-deep"])
  }

  @Test func `problems are reported up to a limit`() {
    let codes = read("a: [" + String(repeating: "*x, ", count: 10_000) + "]").codes
    #expect(codes.count == 501)
    #expect(codes.last == "too-many-problems")
  }

  static let bytes: [(String, [UInt8], String)] = [
    ("a Latin-1 é", Array("a: caf".utf8) + [0xE9, 0x0A], "bad-utf8@1:7"),
    ("an overlong form", Array("a: 1\nb: x".utf8) + [0xC0, 0xAF], "bad-utf8@2:5"),
    ("a surrogate", Array("é: ".utf8) + [0xED, 0xA0, 0x80], "bad-utf8@1:4"),
    ("a cut-off end", Array("a: ".utf8) + [0xE2, 0x82], "bad-utf8@1:4"),
    ("UTF-16 with a mark", [0xFF, 0xFE, 0x61, 0, 0x3A, 0], "bad-encoding@1:1"),
    ("UTF-16 big end first", [0xFE, 0xFF, 0, 0x61, 0, 0x3A], "bad-encoding@1:1"),
    ("UTF-16 without a mark", [0x61, 0, 0x3A, 0, 0x20, 0], "bad-encoding@1:1"),
    ("UTF-32", [0xFF, 0xFE, 0, 0, 0x61, 0, 0, 0], "bad-encoding@1:1"),
    ("a NUL", Array("a: x\u{0}y".utf8), "control-character@1:5"),
    ("an escape", Array("a: 1\nb: \u{1B}[0m".utf8), "control-character@2:4"),
    ("a C1 control", Array("a: é\u{9B}".utf8), "control-character@1:5"),
    ("a next line", Array("a: x\u{85}y".utf8), "control-character@1:5"),
    ("a line separator", Array("a: x\u{2028}y".utf8), "control-character@1:5"),
    ("a mark inside", Array("a: x\nb: \u{FEFF}y".utf8), "control-character@2:4"),
    ("a noncharacter", Array("a: \u{FFFF}".utf8), "control-character@1:4"),
    ("a lone carriage return", Array("a: x\rb: y".utf8), "control-character@1:5"),
    ("nothing", [], "empty-file@1:1"),
    ("a mark and nothing", [0xEF, 0xBB, 0xBF], "empty-file@1:1"),
  ]

  @Test(arguments: bytes)
  func `bytes that are no text are refused with their place`(
    _ name: String, _ bytes: [UInt8], _ expected: String
  ) {
    let (source, node, diagnostics) = parseYAML(bytes: bytes, name: "m.yaml")
    #expect(node == nil)
    #expect(
      diagnostics.map { "\($0.code)@\($0.range.start.line):\($0.range.start.column)" } == [expected]
    )
    // Whatever the bytes, the report can be shown.
    for diagnostic in diagnostics {
      let shown = TerminalRenderer(colour: false).render(diagnostic, in: source)
      #expect(shown.hasPrefix("error[\(diagnostic.code)]"))
    }
  }

  @Test func `every control character is reported, not only the first`() {
    #expect(read("a: \u{1}\nb: \u{2}\n").codes == ["control-character", "control-character"])
  }

  @Test func `no text stops the parser, however it is cut or changed`() {
    let text = """
      a: &x [1, 'two', "th\\u0072ee"] # é
      <<: {b: !!str |
        x
       }
      ? c
      : - *x
        - {d: 1e3, 'e f': >-
            z}
      """
    let signs = Array("{}[],:-?&*!|>'\"%@`# \t\n\r~<é\u{0}".utf8)
    let bytes = Array(text.utf8)
    var random = SeededGenerator(seed: 7)
    for round in 0..<4000 {
      var changed = bytes
      if round < bytes.count {
        changed = Array(bytes.prefix(round))
      } else {
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: 0..<changed.count, using: &random)
          let sign = signs[Int.random(in: 0..<signs.count, using: &random)]
          if Bool.random(using: &random) {
            changed[place] = sign
          } else {
            changed.insert(sign, at: place)
          }
        }
      }
      let (source, node, diagnostics) = parseYAML(bytes: changed, name: "m.yaml")
      #expect(node != nil || !diagnostics.isEmpty)
      for diagnostic in diagnostics {
        _ = TerminalRenderer(colour: false).render(diagnostic, in: source)
      }
      if diagnostics.isEmpty, let node {
        #expect(read(writeYAML(node)).node?.isEqualContent(to: node) == true)
      }
    }
  }
}
