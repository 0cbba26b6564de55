import NNDiagnostics
import NNYAML
import Testing

@Suite struct TreeTests {
  static let trees: [(String, YAMLNode)] = [
    ("a: 1\nb: [x, 2.5]\n", ["a": 1, "b": ["x", 2.5]]),
    ("---\na: 1\n...\n", ["a": 1]),
    ("%YAML 1.2\n---\na: 1\n", ["a": 1]),
    ("# only\n- a\n- b: 1\n  c: 2\n-\n  - d\n", ["a", ["b": 1, "c": 2], ["d"]]),
    ("a: 1\r\nb:\r\n  - c\r\n", ["a": 1, "b": ["c"]]),
    ("\u{FEFF}a: 1\n", ["a": 1]),
    ("a:\nb: ~\n", ["a": nil, "b": nil]),
    ("{a, b: , c: 1}", ["a": nil, "b": nil, "c": 1]),
    (
      "1: a\ntrue: b\n1.5: c\n'': d\n\"~\": e\n",
      ["1": "a", "true": "b", "1.5": "c", "": "d", "~": "e"]
    ),
    ("a: |\n  x\n   y\nb: >-\n  x\n  y\n", ["a": "x\n y\n", "b": "x y"]),
    ("a: one\n  two\n", ["a": "one two"]),
    ("a: \"\\x41\\u00e9\\U0001F600\\n\"\n", ["a": "Aé😀\n"]),
    ("a: 'it''s'\n", ["a": "it's"]),
    ("{\"a\":1}", ["a": 1]),
    ("[a: 1, b]", [["a": 1], "b"]),
    ("? a\n: 1\n? b\n", ["a": 1, "b": nil]),
    ("a: http://x.org:80/#y\n", ["a": "http://x.org:80/#y"]),
    ("just text", "just text"),
    // Aliases.
    ("a: &x [1, 2]\nb: *x\n", ["a": [1, 2], "b": [1, 2]]),
    ("a: &x 1\nb: &x 2\nc: *x\n", ["a": 1, "b": 2, "c": 2]),
    ("a: &k key\nb: {*k : 1}\n", ["a": "key", "b": ["key": 1]]),
    ("a: &unused 1\n", ["a": 1]),
    ("- &a k\n- {*a : 1}\n", ["k", ["k": 1]]),
    // Merges: the mapping's own keys win, then what is merged first.
    (
      "a: &a {x: 1, y: 2}\nb: {z: 0, <<: *a, y: 3}\n",
      ["a": ["x": 1, "y": 2], "b": ["z": 0, "x": 1, "y": 3]]
    ),
    ("<<: [{a: 1}, {a: 2, b: 3}]\nc: 4\n", ["a": 1, "b": 3, "c": 4]),
    ("<<: {<<: {a: 1}, b: 2}\n", ["a": 1, "b": 2]),
    ("<<: []\na: 1\n", ["a": 1]),
    ("'<<': {a: 1}\n", ["<<": ["a": 1]]),
    // Tags.
    (
      "a: !!str 1\nb: !!int '2'\nc: !!float 3\nd: !!bool true\ne: !!null ''\n",
      ["a": "1", "b": 2, "c": 3.0, "d": true, "e": nil]
    ),
    ("a: !!map {b: !!seq [1]}\n", ["a": ["b": [1]]]),
    ("a: !!str\nb: 1\n", ["a": "", "b": 1]),
  ]

  @Test(arguments: trees)
  func `a text is read as its tree`(_ text: String, _ expected: YAMLNode) throws {
    let (node, problems, _) = read(text)
    #expect(problems == "")
    #expect(try #require(node).isEqualContent(to: expected), "\(node.map(writeYAML) ?? "nothing")")
  }

  @Test func `equal content is told apart from different content`() {
    let node: YAMLNode = ["a": [1, 1.0, "x", nil]]
    #expect(node.isEqualContent(to: ["a": [1, 1.0, "x", nil]]))
    for other: YAMLNode in [
      ["a": [1, 1, "x", nil]], ["a": [1, 1.0, "y", nil]], ["b": [1, 1.0, "x", nil]],
      ["a": [1, 1.0, "x"]], [1], 1, ["a": [1, 1.0, "x", nil], "b": 1],
    ] {
      #expect(!node.isEqualContent(to: other))
    }
    #expect(YAMLNode(.float(.nan)).isEqualContent(to: YAMLNode(.float(.nan))))
    #expect(!YAMLNode(.string("e\u{301}")).isEqualContent(to: YAMLNode(.string("\u{e9}"))))
  }

  /// Each leaf and collection of a tree as its range and the text there.
  private static func places(_ node: YAMLNode, _ source: SourceText) -> [String] {
    func at(_ range: SourceRange) -> String {
      let utf8 = source.text.utf8
      let start = utf8.index(utf8.startIndex, offsetBy: range.start.offset)
      let end = utf8.index(utf8.startIndex, offsetBy: range.end.offset)
      return "\(shown(range)) \(source.text[start..<end])"
    }
    switch node.content {
    case .scalar: return [at(node.range)]
    case .sequence(let nodes): return [at(node.range)] + nodes.flatMap { places($0, source) }
    case .mapping(let mapping):
      return [at(node.range)]
        + mapping.entries.flatMap { [at($0.keyRange)] + places($0.value, source) }
    }
  }

  static let ranges: [(String, [String])] = [
    ("a: b\n\n# end\n", ["1:1-1:5 a: b", "1:1-1:2 a", "1:4-1:5 b"]),
    (
      "a:   \nb: 'x y'  # c\n",
      [
        "1:1-2:9 a:   \nb: 'x y'", "1:1-1:2 a", "1:3-1:3 ", "2:1-2:2 b", "2:4-2:9 'x y'",
      ]
    ),
    (
      "- [1, 2 ]\n- c\n\n\n",
      [
        "1:1-2:4 - [1, 2 ]\n- c", "1:3-1:10 [1, 2 ]", "1:4-1:5 1", "1:7-1:8 2", "2:3-2:4 c",
      ]
    ),
    (
      "a: |\n  x\n\n\nb: >\n\n  y\n",
      [
        "1:1-7:4 a: |\n  x\n\n\nb: >\n\n  y", "1:1-1:2 a", "1:4-2:4 |\n  x", "5:1-5:2 b",
        "5:4-7:4 >\n\n  y",
      ]
    ),
    (
      "a: &x !!str b\nc: &y\n  - d\n",
      [
        "1:1-3:6 a: &x !!str b\nc: &y\n  - d", "1:1-1:2 a", "1:13-1:14 b", "2:1-2:2 c",
        "3:3-3:6 - d", "3:5-3:6 d",
      ]
    ),
    // An alias keeps the place of what it names, but its mapping ends where it is written.
    (
      "a: &x b\nc: *x\n",
      [
        "1:1-2:6 a: &x b\nc: *x", "1:1-1:2 a", "1:7-1:8 b", "2:1-2:2 c", "1:7-1:8 b",
      ]
    ),
    // Columns count characters: two code points, then seven, then one of four bytes.
    (
      "e\u{301}: {👩‍👩‍👧: 😀, b: c}\r\nd: é # ü\r\nf: g",
      [
        "1:1-3:5 e\u{301}: {👩‍👩‍👧: 😀, b: c}\r\nd: é # ü\r\nf: g", "1:1-1:2 e\u{301}",
        "1:4-1:16 {👩‍👩‍👧: 😀, b: c}", "1:5-1:6 👩‍👩‍👧", "1:8-1:9 😀", "1:11-1:12 b", "1:14-1:15 c",
        "2:1-2:2 d", "2:4-2:5 é", "3:1-3:2 f", "3:4-3:5 g",
      ]
    ),
    ("? a\n? b\n", ["1:1-2:4 ? a\n? b", "1:3-1:4 a", "1:4-1:4 ", "2:3-2:4 b", "2:4-2:4 "]),
    ("\u{FEFF}a: b\n", ["1:2-1:6 a: b", "1:2-1:3 a", "1:5-1:6 b"]),
  ]

  @Test(arguments: ranges)
  func `a node's range covers its own text`(_ text: String, _ expected: [String]) throws {
    let source = SourceText(name: "m.yaml", text: text)
    let node = try #require(parseYAML(source).node)
    #expect(Self.places(node, source) == expected)
  }

  @Test func `positions agree with those of the source text everywhere`() throws {
    let words = ["é", "e\u{301}", "x", "😀", "👩‍👩‍👧", "\u{301}", "日本", "\u{1F1E9}\u{1F1EA}", "\r\n  "]
    var random = SeededGenerator(seed: 7)
    for _ in 0..<50 {
      let items = (0..<200).map { _ in
        let word = words[Int.random(in: 0..<words.count, using: &random)]
        return "a" + (word.hasPrefix("\r") ? word + "b" : word)
      }
      let source = SourceText(name: "m.yaml", text: "[" + items.joined(separator: " ,") + "]")
      let nodes = try #require(parseYAML(source).node?.sequence)
      for node in nodes {
        for position in [node.range.start, node.range.end] {
          #expect(source.position(atOffset: position.offset) == position)
        }
      }
    }
  }

  @Test func `bytes with a mark are read behind it`() {
    let (source, node, diagnostics) = parseYAML(
      bytes: [0xEF, 0xBB, 0xBF] + Array("a: 1\n".utf8), name: "m.yaml")
    #expect(diagnostics.isEmpty)
    #expect(source.text == "a: 1\n")
    #expect(node?.mapping?["a"]?.range.start == SourcePosition(offset: 3, line: 1, column: 4))
  }

  @Test func `all broken rules of a text are reported in one run`() {
    let text = """
      a: 1
      a: 2
      b: *none
      c: !!strr x
      d: 99999999999999999999
      <<: 3
      ? [e]
      : {f:1}
      """
    #expect(
      read(text).codes == [
        "duplicate-key", "unknown-alias", "unknown-tag", "number-out-of-range", "bad-merge",
        "bad-key", "missing-space",
      ])
  }

  @Test func `the tree with problems stands in for what was meant`() throws {
    let node = try #require(read("a: {b:1, c: 2, c: 3, d: *none}\n").node)
    #expect(node.isEqualContent(to: ["a": ["b": 1, "c": 2, "d": nil]]))
  }
}
