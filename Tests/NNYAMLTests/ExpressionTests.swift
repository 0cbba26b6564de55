import NNDiagnostics
import NNYAML
import Testing

/// Expressions, `${…}`, whose braces must not be taken for those of a mapping.
@Suite struct ExpressionTests {
  private func scalars(_ text: String) -> [String] {
    func all(_ node: YAMLNode) -> [String] {
      switch node.content {
      case .scalar(let scalar): [scalar.text]
      case .sequence(let nodes): nodes.flatMap(all)
      case .mapping(let mapping): mapping.entries.flatMap { [$0.key] + all($0.value) }
      }
    }
    return parseYAML(SourceText(name: "test.yaml", text: text)).node.map(all) ?? []
  }

  @Test(arguments: [
    ("${a}", ["${a}"]), ("[${a}, ${b * 2}]", ["${a}", "${b * 2}"]),
    ("{x: ${a}, y: z}", ["x", "${a}", "y", "z"]),
    ("{x: ${a},y: ${b}}", ["x", "${a}", "y", "${b}"]),
    ("[{x: ${f(1, [2])}}]", ["x", "${f(1, [2])}"]), ("[a${x}b${y}c]", ["a${x}b${y}c"]),
    ("['${a}', \"${b}\"]", ["${a}", "${b}"]), ("{${k}: 1}", ["${k}", "1"]),
    ("x: ${a: b}", ["x", "${a: b}"]), ("x: [1, ${a}] # ${c}", ["x", "1", "${a}"]),
    ("x: |\n  ${a} b\n  ${c}\n", ["x", "${a} b\n${c}\n"]),
    ("x: >\n  ${a}\n  b\n", ["x", "${a} b\n"]),
    ("x: ${a}\n  ${b}", ["x", "${a} ${b}"]), ("[$$${a}, $a, $_b]", ["$$${a}", "$a", "$_b"]),
    ("[\"$_ ${a} $_\"]", ["$_ ${a} $_"]), ("é: [${a}, é${b}]", ["é", "${a}", "é${b}"]),
    ("- ${a}\n- [${b}]", ["${a}", "${b}"]), ("[\"${\", \"}\"]", ["${", "}"]),
    ("{a: &x ${v}, b: *x}", ["a", "${v}", "b", "${v}"]), ("[${a b}, ${}]", ["${a b}", "${}"]),
  ])
  func `an expression is one text wherever it stands`(_ text: String, _ expected: [String]) {
    #expect(scalars(text) == expected)
  }

  @Test func `places are those of the text as it is written`() throws {
    let text = "é: {x: ${a + b}, y: [${c}]}"
    let node = try #require(parseYAML(SourceText(name: "test.yaml", text: text)).node)
    let value = try #require(node.mapping?["é"]?.mapping?["x"])
    #expect(value.range.start.column == 8)
    #expect(value.range.end.column == 16)
  }

  @Test(arguments: ["[${a]", "{x: ${a}", "[${a}, {b}", "[${é}]", "x: [${a\n}]"])
  func `what is not closed is still a mistake`(_ text: String) {
    let (_, diagnostics) = parseYAML(SourceText(name: "test.yaml", text: text))
    #expect(!diagnostics.isEmpty)
  }
}
