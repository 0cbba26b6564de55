import NNDiagnostics
import NNModel
import NNYAML
import Testing

private let values = """
  vars: {width: 64, half: 0.5, name: abc, yes: true, none: ~, list: [1, 2], map: {a: 1}, n: -7, ten: 10}
  """

@Suite struct ExpansionTests {
  // MARK: Expressions

  struct Case: Sendable, CustomTestStringConvertible {
    let text: String
    let value: YAMLValue
    /// Whether it may stand in brackets, where braces that belong to no expression may not.
    let isForFlow: Bool

    init(_ text: String, _ value: YAMLValue, isForFlow: Bool = true) {
      self.text = text
      self.value = value
      self.isForFlow = isForFlow
    }

    var testDescription: String { text }
  }

  @Test(arguments: [
    Case("${width}", .int(64)), Case("${ width }", .int(64)), Case("${half}", .float(0.5)),
    Case("${name}", .string("abc")), Case("${yes}", .bool(true)), Case("${none}", .null),
    Case("${width * 4}", .int(256)), Case("${width*4+1}", .int(257)),
    Case("${1 + 2 * 3}", .int(7)), Case("${(1 + 2) * 3}", .int(9)), Case("${10 - 3 - 2}", .int(5)),
    Case("${width / 2}", .int(32)), Case("${7 / 2}", .float(3.5)), Case("${7 // 2}", .int(3)),
    Case("${n // 2}", .int(-4)), Case("${n % 3}", .int(2)), Case("${7 % -3}", .int(-2)),
    Case("${7.5 // 2}", .float(3)), Case("${7.5 % 2}", .float(1.5)),
    Case("${-7.5 % 2}", .float(0.5)),
    Case("${100 / 10 / 5}", .int(2)), Case("${100 // 10 % 3}", .int(1)),
    Case("${-width}", .int(-64)), Case("${--3}", .int(3)), Case("${2 * -3}", .int(-6)),
    Case("${half * 3}", .float(1.5)), Case("${1e-3}", .float(0.001)),
    Case("${2.5e+2 * 2}", .float(500)),
    Case("${width - 1e1}", .float(54)), Case("${.5}", .float(0.5)),
    Case("${9223372036854775807}", .int(.max)),
    Case("${-9223372036854775807 - 1}", .int(.min)), Case("\"${width}\"", .int(64)),
    Case("'${width + 1}'", .int(65)), Case("run-${width}", .string("run-64")),
    Case("${width}x${width // 2}", .string("64x32")),
    Case("\"${name} é ${half}\"", .string("abc é 0.5")),
    Case("$${width}", .string("${width}")), Case("a $${ b", .string("a ${ b"), isForFlow: false),
    Case("$$${width}", .string("$${width}")),
    Case("$ {width} $width", .string("$ {width} $width"), isForFlow: false),
    Case("is ${yes}", .string("is true")), Case("${((((ten))))}", .int(10)),
    Case("${width * 2} ", .int(128)),
  ])
  func `an expression has its value, in a block and in brackets`(_ c: Case) throws {
    let block = Expanded("\(values)\nx: \(c.text)")
    #expect(block.errors.map(\.message) == [])
    #expect(block.node?.mapping?["x"]?.scalar?.value == c.value)
    guard c.isForFlow else { return }
    let flow = Expanded("\(values)\nx: [{y: \(c.text), z: \(c.text)}]")
    #expect(flow.errors.map(\.message) == [])
    let entries = try #require(flow.node?.mapping?["x"]?.sequence?.first?.mapping?.entries)
    #expect(entries.map(\.key) == ["y", "z"])
    for entry in entries { #expect(entry.value.scalar?.value == c.value) }
  }

  @Test func `a variable may be anything, computed from others in any order`() {
    let text = """
      vars:
        all: {sizes: ["${b}", "${a}"], deep: {c: "${c}"}}
        c: ${b + a}
        b: ${a * 2}
        a: 3
      x: ${all}
      y: [{dense: ${c}, list: ${all}}]
      """
    let expanded = Expanded(text)
    #expect(expanded.findings == [])
    #expect(
      expanded.written == """
        x:
          sizes: [6, 3]
          deep: {c: 9}
        y:
          - dense: 9
            list:
              sizes: [6, 3]
              deep: {c: 9}

        """)
  }

  @Test func `a file without expressions stays as it is`() throws {
    let text = "nnc: 1\nname: $x {y}\nmodel:\n  - dense: 3\n  - block: [{dense: 2}]\n"
    let expanded = Expanded(text)
    #expect(expanded.findings == [])
    #expect(
      expanded.written
        == "nnc: 1\nname: $x {y}\nmodel:\n  - dense: 3\n  - block:\n      - dense: 2\n")
  }

  // MARK: Mistakes

  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let findings: [String]

    init(_ text: String, _ findings: String...) {
      self.text = text
      self.findings = findings
    }

    var testDescription: String { text }
  }

  private static let operators =
    "An expression is made of numbers, names, + - * / // % and parentheses."

  @Test(arguments: [
    Mistake("${}", "bad-expression: the expression is empty @ ${}"),
    Mistake("${  }", "bad-expression: the expression is empty @ ${  }"),
    Mistake("a ${width", "bad-expression: the expression is not closed @ ${"),
    Mistake("${width *}", "bad-expression: something is missing behind '*' @ *"),
    Mistake("${* width}", "bad-expression: '*' does not belong here @ *"),
    Mistake("${width + ) 3}", "bad-expression: something is missing behind '+' @ +"),
    Mistake("${(width + 1}", "bad-expression: the parenthesis is not closed @ ("),
    Mistake("${width) + 1}", "bad-expression: ')' does not belong here @ )"),
    Mistake("${width width}", "bad-expression: 'w' does not belong here @ w"),
    Mistake("${width ^ 2}", "bad-expression: '^' does not belong here @ ^"),
    Mistake("${max(1, 2)}", "bad-expression: '(' does not belong here @ ("),
    Mistake("${1.2.3}", "bad-expression: '1.2.3' is no number that can be computed with @ 1.2.3"),
    Mistake("${12px}", "bad-expression: '12px' is no number that can be computed with @ 12px"),
    Mistake("${1e999}", "bad-expression: '1e999' is no number that can be computed with @ 1e999"),
    Mistake("${-}", "bad-expression: something is missing behind '-' @ -"),
    Mistake("${widht * 2}", "unknown-variable: nothing is called 'widht' here @ widht"),
    Mistake("\"é: ${widht}\"", "unknown-variable: nothing is called 'widht' here @ widht"),
    Mistake("${width / 0}", "division-by-zero: the expression divides by zero @ 0"),
    Mistake(
      "${width % (ten - 10)}", "division-by-zero: the expression divides by zero @ (ten - 10)"),
    Mistake("${1 // 0.0}", "division-by-zero: the expression divides by zero @ 0.0"),
    Mistake(
      "${name + 1}",
      "wrong-type: 'name' is the text 'abc', and only numbers can be computed with @ name"),
    Mistake(
      "${list * 2}", "wrong-type: 'list' is a list, and only numbers can be computed with @ list"),
    Mistake("x${map}", "wrong-type: a mapping cannot stand inside a text @ map"),
    Mistake("x${none}", "wrong-type: nothing cannot stand inside a text @ none"),
    Mistake(
      "${9223372036854775807 + 1}",
      "number-out-of-range: the result is out of range for a number @ 9223372036854775807 + 1"),
    Mistake(
      "${(-9223372036854775807 - 1) // -1}",
      "number-out-of-range: the result is out of range for a number @ (-9223372036854775807 - 1) // -1"
    ),
    Mistake(
      "${1e308 * 10}", "number-out-of-range: the result is out of range for a number @ 1e308 * 10"),
  ])
  func `a mistake is told once, at the very sign`(_ mistake: Mistake) {
    let expanded = Expanded("\(values)\nx: \(mistake.text)")
    #expect(expanded.findings == mistake.findings)
    for finding in expanded.diagnostics where finding.code == "bad-expression" {
      #expect(finding.help != nil)
    }
  }

  @Test(arguments: [
    Mistake("vars: 3", "wrong-type: expected a mapping of names and values, found 3 @ 3"),
    Mistake("vars: {a-b: 1}\nx: 1", "bad-name: 'a-b' cannot be the name of a variable @ a-b"),
    Mistake("vars: {2b: 1}\nx: 1", "bad-name: '2b' cannot be the name of a variable @ 2b"),
    Mistake(
      "vars: {a: '${a}'}\nx: '${a}'", "variable-cycle: the variable 'a' is computed from itself @ a"
    ),
    Mistake(
      "vars: {a: '${b}', b: '${c + 1}', c: '${a}'}\nx: '${a + b}'",
      "variable-cycle: the variable 'a' is computed from itself @ a"),
    Mistake("vars: {a: '${b}'}\nx: '${a}'", "unknown-variable: nothing is called 'b' here @ b"),
    Mistake("x: '${a}'", "unknown-variable: nothing is called 'a' here @ a"),
    Mistake("vars: {a: 1, b: 2}\nx: ${a}", "unused-variable: nothing reads the variable 'b' @ b"),
    Mistake(
      "blocks: []",
      "wrong-type: expected a mapping of blocks, each with its layers, found an empty list @ []"),
    Mistake(
      "blocks: {a: 3}\nmodel: [{block: a}]",
      "wrong-type: expected a mapping with 'layers', and 'with' for parameters, found 3 @ 3"),
    Mistake(
      "blocks: {a: {with: {}}}\nmodel: [{block: a}]",
      "missing-field: the block 'a' has no 'layers' @ a"),
    Mistake(
      "blocks: {a: {layer: [{dense: 1}]}}\nmodel: [{block: a}]",
      "unknown-field: the block 'a' has no field 'layer' @ layer"),
    Mistake(
      "blocks: {a: {with: 3, layers: [{dense: 1}]}}\nmodel: [{block: a}]",
      "wrong-type: expected a mapping of parameters and their defaults, found 3 @ 3"),
    Mistake(
      "blocks: {a: {with: {b-c: 3}, layers: [{dense: 1}]}}\nmodel: [{block: a}]",
      "bad-name: 'b-c' cannot be the name of a parameter @ b-c"),
    Mistake("model: [{block: a}]", "unknown-block: there is no block 'a' @ a"),
    Mistake(
      "blocks: {a: {layers: [{block: a}]}}\nmodel: [{block: a}]",
      "block-cycle: the block 'a' holds itself @ a"),
    Mistake(
      "blocks: {a: {layers: [{block: b}]}, b: {layers: [{repeat: 2, layers: [{block: a}]}]}}\nmodel: [{block: b}]",
      "block-cycle: the block 'b' holds itself, by way of 'a' @ b"),
    Mistake(
      "blocks: {a: {with: {n: ~}, layers: [{dense: '${n}'}, {dense: '${n + 1}'}]}}\nmodel: [{block: a}, {block: a, with: {n: ~}}]",
      "missing-parameter: the block 'a' needs 'n' @ a",
      "missing-parameter: the block 'a' needs 'n' @ a"),
    Mistake(
      "blocks: {a: {with: {n: 1}, layers: [{dense: '${n}'}]}}\nmodel: [{block: a, with: {m: 2}}]",
      "unknown-parameter: the block 'a' has no parameter 'm' @ m"),
    Mistake(
      "blocks: {a: {with: {n: 1}, layers: [{dense: '${n}'}]}}\nmodel: [{block: a, with: 2}]",
      "wrong-type: expected a mapping of the block's parameters, found 2 @ 2"),
    Mistake(
      "blocks: {a: {with: {n: 1}, layers: [{dense: 1}]}, b: {layers: [{dense: 1}]}}\nvars: {c: 1}\nmodel: [{block: a}]",
      "unused-parameter: no layer of the block 'a' reads 'n' @ n",
      "unused-block: nothing uses the block 'b' @ b"),
    Mistake(
      "blocks: {a: {with: {m: '${n}', n: 1}, layers: [{dense: '${m + n}'}]}}\nmodel: [{block: a}]",
      "unknown-variable: nothing is called 'n' here @ n"),
    Mistake(
      "blocks: {a: {layers: [{dense: '${n / 0}'}]}}\nvars: {n: 1}\nmodel: [{block: a}, {block: a}]",
      "division-by-zero: the expression divides by zero @ 0"),
  ])
  func `a mistake in vars or blocks is told once, where it is`(_ mistake: Mistake) {
    #expect(Expanded(mistake.text).findings == mistake.findings)
  }

  @Test func `a finding in a block says where the block is used`() throws {
    let text = """
      blocks:
        outer: {layers: [{block: inner}]}
        inner: {layers: [{dense: "${nope}"}]}
      model:
        - block: outer
      """
    let expanded = Expanded(text)
    let finding = try #require(expanded.diagnostics.first)
    #expect(finding.notes.map(\.message) == ["in the block used here", "in the block used here"])
    #expect(finding.notes.map(\.range.start.line) == [2, 5])
  }
}
