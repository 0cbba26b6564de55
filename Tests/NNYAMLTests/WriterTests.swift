import NNDiagnostics
import NNYAML
import Testing

@Suite struct WriterTests {
  static let cases: [(String, String)] = [
    ("{nnc: 1, name: \"iris\"}", "nnc: 1\nname: iris\n"),
    ("a: {b: {c: 1}}", "a:\n  b: {c: 1}\n"),
    ("a: [1, [2, 3]]", "a:\n  - 1\n  - [2, 3]\n"),
    (
      "model: [{dense: {units: 16, activation: relu}}, {id: x, dropout: 0.10}, relu]",
      "model:\n  - dense: {units: 16, activation: relu}\n  - id: x\n    dropout: 0.10\n  - relu\n"
    ),
    ("- {a: [{b: 1}]}\n- [[{c: d}]]\n", "- a:\n    - b: 1\n- - - c: d\n"),
    ("a: {}\nb: []\nc: ''\nd:\n", "a: {}\nb: []\nc: \"\"\nd: null\n"),
    (
      "a: [no, 'true', \"1\", '~', 'x: y', 'x #y', '-', '- x', -x, '[', \"it's\"]",
      "a: [no, \"true\", \"1\", \"~\", \"x: y\", \"x #y\", \"-\", \"- x\", -x, \"[\", it's]\n"
    ),
    ("a: '\"hi\" it''s \\d'\n", "a: '\"hi\" it''s \\d'\n"),
    ("a: 0x1F\nb: 1e-3\nc: 010\nd: .INF\ne: +1\n", "a: 0x1F\nb: 1e-3\nc: 010\nd: .INF\ne: +1\n"),
    ("a: |\n  x\n  y\n", "a: \"x\\ny\\n\"\n"),
    ("a: 'a,b'\nb: ['a,b']\n", "a: a,b\nb: [\"a,b\"]\n"),
    ("'<<': 1\n'~': 2\n1: 3\n", "\"<<\": 1\n\"~\": 2\n1: 3\n"),
    ("text", "text\n"),
    ("[]", "[]\n"),
    (
      "a: [aaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, ccccccccccccccccccc, ddddddddddddd]",
      "a:\n  - aaaaaaaaaaaaaaaaaaa\n  - bbbbbbbbbbbbbbbbbbb\n  - ccccccccccccccccccc\n"
        + "  - ddddddddddddd\n"
    ),
    (
      "a: [aaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, ccccccccccccccccccc, dddddddddddd]",
      "a: [aaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbb, ccccccccccccccccccc, dddddddddddd]\n"
    ),
  ]

  @Test(arguments: cases)
  func `a tree has one canonical text`(_ text: String, _ canonical: String) throws {
    let node = try #require(read(text).node)
    #expect(writeYAML(node) == canonical)
    #expect(writeYAML(try #require(read(canonical).node)) == canonical)
  }

  @Test func `values made by the program are spelt so that they read back`() throws {
    let node: YAMLNode = [
      "a": 1.0, "b": YAMLNode(.float(.infinity)), "c": YAMLNode(.float(-.infinity)),
      "d": YAMLNode(.float(.nan)), "e": 1e-7, "f": YAMLNode(.int(.min)), "g": nil, "h": true,
      "i": YAMLNode(
        .scalar(YAMLScalar(text: "wrong", isPlain: true, value: .int(7))), at: .beginning),
    ]
    let text = writeYAML(node)
    #expect(
      text == """
        a: 1.0
        b: .inf
        c: -.inf
        d: .nan
        e: 1e-07
        f: -9223372036854775808
        g: null
        h: true
        i: 7

        """)
    #expect(try #require(read(text).node).isEqualContent(to: node))
  }

  @Test func `whatever is written is read back as the same tree`() throws {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<3000 {
      let node = Self.node(depth: 4, using: &random)
      let text = writeYAML(node)
      let (again, problems, _) = read(text)
      #expect(problems == "")
      guard let again, again.isEqualContent(to: node) else {
        Issue.record("not the same tree: \(text)")
        return
      }
      #expect(writeYAML(again) == text)
    }
  }

  @Test func `keys too long for libyaml to find are written with a question mark`() throws {
    let key = String(repeating: "\u{1}", count: 1000)
    let node: YAMLNode = [[key: ["a": 1], "b": [key: 2]]]
    let (again, problems, _) = read(writeYAML(node))
    #expect(problems == "")
    #expect(try #require(again).isEqualContent(to: node))
  }

  private static func node(depth: Int, using random: inout some RandomNumberGenerator) -> YAMLNode {
    switch Int.random(in: 0..<(depth > 0 ? 10 : 6), using: &random) {
    case 0: return nil
    case 1: return YAMLNode(.bool(.random(using: &random)))
    case 2: return YAMLNode(.int(.random(in: .min ... .max, using: &random)))
    case 3: return YAMLNode(.float(Double(bitPattern: .random(in: .min ... .max, using: &random))))
    case 4, 5: return YAMLNode(.string(string(using: &random)))
    case 6, 7:
      let count = Int.random(in: 0..<5, using: &random)
      return YAMLNode((0..<count).map { _ in node(depth: depth - 1, using: &random) })
    default:
      var keys: Set<String> = []
      var entries: [(String, YAMLNode)] = []
      for _ in 0..<Int.random(in: 0..<5, using: &random) {
        let key = string(using: &random)
        guard keys.insert(key).inserted else { continue }
        entries.append((key, node(depth: depth - 1, using: &random)))
      }
      return YAMLNode(entries)
    }
  }

  /// Short texts made of what is most likely to be read as something else.
  private static func string(using random: inout some RandomNumberGenerator) -> String {
    let pieces = [
      "a", "b", "1", "0", ".", "-", "+", "e", "x", "o", "~", "null", "true", "no", "<<", "---",
      "...",
      " ", "  ", "\t", "\n", "\r", "\r\n", ":", ": ", " #", "#", ",", "[", "]", "{", "}", "?", "? ",
      "- ", "&", "*", "!", "!!str", "|", ">", "'", "\"", "%", "@", "`", "\\", "/", "=", "é",
      "e\u{301}", "\u{301}", "😀", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}",
      "\u{FEFF}", "\u{FFFE}", "\u{10FFFF}", "\u{E000}", "日本", "$", "${x}", ".inf", ".nan", "_",
    ]
    return (0..<Int.random(in: 0..<5, using: &random))
      .map { _ in pieces[Int.random(in: 0..<pieces.count, using: &random)] }.joined()
  }
}
