import NNDiagnostics
import Testing

/// Makes a diagnostic about a stretch of bytes.
func finding(
  _ severity: Severity = .error, in source: SourceText, _ bytes: Range<Int>,
  label: String? = nil, help: String? = nil, notes: [(String, Range<Int>)] = []
) -> Diagnostic {
  func range(_ bytes: Range<Int>) -> SourceRange {
    SourceRange(
      source.position(atOffset: bytes.lowerBound), source.position(atOffset: bytes.upperBound))
  }
  return Diagnostic(
    severity, "some-rule", "something is wrong", file: source.name, at: range(bytes),
    label: label, help: help, notes: notes.map { Diagnostic.Note($0.0, at: range($0.1)) })
}

@Suite struct TerminalRendererTests {
  private let renderer = TerminalRenderer(colour: false)

  private func excerpt(_ text: String, _ bytes: Range<Int>, label: String? = nil) -> String {
    let source = SourceText(name: "m.yaml", text: text)
    let rendered = renderer.render(finding(in: source, bytes, label: label), in: source)
    // Header and place are tested once; the rest of the tests are about the lines below them.
    return rendered.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(3)
      .joined(separator: "\n")
  }

  @Test func `an error shows the rule, the place and the way out`() {
    let lines = Array(repeating: "# a line\n", count: 16).joined()
    let text = lines + "  - dense: {unitz: 128}\n"
    let source = SourceText(name: "models/mnist.yaml", text: text)
    let start = lines.utf8.count + 12
    let range = SourceRange(
      source.position(atOffset: start), source.position(atOffset: start + 5))
    let diagnostic = Diagnostic(
      "unknown-field", "'dense' has no field 'unitz'", file: source.name, at: range,
      label: didYouMean("units"))
    #expect(
      renderer.render(diagnostic, in: source) == """
        error[unknown-field]: 'dense' has no field 'unitz'
          --> models/mnist.yaml:17:13
           |
        17 |   - dense: {unitz: 128}
           |             ^^^^^ did you mean 'units'?
        """)
  }

  @Test func `help is wrapped under itself and notes follow with dashes`() {
    let lines = (1...9).map { "k\($0): 1\n" }.joined()
    let source = SourceText(name: "m.yaml", text: lines + "k1: 2")
    let help =
      "One of the two has to go, and this sentence is long enough that it does not fit on a line"
      + " of about ninety-six columns.\n  k1: 2"
    let diagnostic = finding(
      .warning, in: source, 54..<56, help: help, notes: [("first given here", 0..<2)])
    #expect(
      renderer.render(diagnostic, in: source) == """
        warning[some-rule]: something is wrong
          --> m.yaml:10:1
           |
        10 | k1: 2
           | ^^
           = help: One of the two has to go, and this sentence is long enough that it does not fit on a
                   line of about ninety-six columns.
                     k1: 2
        note: first given here
          --> m.yaml:1:1
           |
         1 | k1: 1
           | --
        """)
  }

  @Test func `without the source only header, place and help are shown`() {
    let source = SourceText(name: "m.yaml", text: "a: 1\nb: 2\n")
    let diagnostic = finding(
      in: source, 5..<6, label: "here", help: "Do this.", notes: [("there", 0..<1)])
    #expect(
      renderer.render(diagnostic, in: nil) == """
        error[some-rule]: something is wrong
         --> m.yaml:2:1
          = help: Do this.
        """)
  }

  static let excerpts: [(String, Range<Int>, String)] = [
    // The last line without a newline.
    ("a: 1\nb: 2", 8..<9, "2 | b: 2\n  |    ^"),
    // An empty range at the end of the text, with and without a newline.
    ("a: 1", 4..<4, "1 | a: 1\n  |     ^"),
    ("a: 1\n", 5..<5, "2 |\n  | ^"),
    ("", 0..<0, "1 |\n  | ^"),
    // A range over several lines.
    ("a: [1,\n 2]\n", 3..<10, "1 | a: [1,\n  |    ^^^"),
    // Windows line ends.
    ("a: 1\r\nb: 2\r\n", 9..<10, "2 | b: 2\n  |    ^"),
    ("a: 1\r\n", 3..<6, "1 | a: 1\n  |    ^"),
    // Tabs reach to the next multiple of four.
    ("\ta:\t1\n", 4..<5, "1 |     a:  1\n  |         ^"),
    ("abc\td\n", 3..<5, "1 | abc d\n  |    ^^"),
    // Wide characters take two columns, combined ones one.
    ("名前: x\n", 8..<9, "1 | 名前: x\n  |       ^"),
    ("名前: x\n", 3..<6, "1 | 名前: x\n  |   ^^"),
    ("👩‍👩‍👧: x\n", 20..<21, "1 | 👩‍👩‍👧: x\n  |     ^"),
    ("🇩🇪 x\n", 9..<10, "1 | 🇩🇪 x\n  |    ^"),
    ("e\u{301}e: x\n", 3..<4, "1 | e\u{301}e: x\n  |  ^"),
    // What would steer the terminal is spelt out.
    ("a: \u{1B}[31m\n", 3..<4, "1 | a: \\u{1B}[31m\n  |    ^^^^^^"),
    ("a\u{202E}b: x\n", 4..<5, "1 | a\\u{202E}b: x\n  |          ^"),
  ]

  @Test(arguments: excerpts)
  func `the caret stands under what the reader sees`(
    _ text: String, _ bytes: Range<Int>, _ expected: String
  ) {
    #expect(excerpt(text, bytes) == expected)
  }

  @Test func `a very long line is shown around the caret`() {
    let text = "a: [" + String(repeating: "12345, ", count: 1500) + "x]"
    #expect(
      excerpt(text, 5002..<5007) == """
        1 | …345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 12345, 1234…
          |                                                 ^^^^^
        """)
  }

  @Test func `the beginning and the end of a long line are cut on one side only`() throws {
    let text = String(repeating: "0123456789", count: 1000)
    let first = excerpt(text, 2..<4).split(separator: "\n")
    #expect(first[0] == "1 | " + text.prefix(100) + "…")
    #expect(first[1] == "  |   ^^")
    let last = excerpt(text, 9998..<10_000).split(separator: "\n")
    #expect(last[0] == "1 | …" + text.suffix(100))
    #expect(last[1] == "  | " + String(repeating: " ", count: 99) + "^^")
    let whole = excerpt(text, 0..<10_000, label: "long").split(separator: "\n")
    #expect(whole[0] == "1 | " + text.prefix(60) + "…")
    #expect(whole[1] == "  | " + String(repeating: "^", count: 60) + " long")
  }

  @Test func `a line of megabytes costs no more than a short one`() {
    let text = String(repeating: "é, ", count: 1_000_000)
    let source = SourceText(name: "m.yaml", text: text)
    let position = SourcePosition(offset: 2_000_000, line: 1, column: 1_500_001)
    let diagnostic = Diagnostic(
      "rule", "message", file: "m.yaml", at: SourceRange(position, position))
    let time = ContinuousClock().measure {
      for _ in 0..<100 { _ = renderer.render(diagnostic, in: source) }
    }
    #expect(time < .seconds(5))
  }

  @Test func `places outside the text do not stop the report`() {
    let source = SourceText(name: "m.yaml", text: "a: 1\n")
    let far = SourcePosition(offset: 900, line: 99, column: 3)
    let odd = SourcePosition(offset: 900, line: 1, column: 3)
    for position in [far, odd] {
      let diagnostic = Diagnostic(
        "rule", "message", file: "m.yaml", at: SourceRange(position, position))
      #expect(renderer.render(diagnostic, in: source).hasPrefix("error[rule]: message\n"))
    }
  }

  @Test func `nothing in a message steers the terminal`() {
    let diagnostic = Diagnostic(
      "rule", "the key '\u{1B}[2J\n' is odd", file: "a\u{7}.yaml", at: .beginning,
      help: "Remove \u{1B}.")
    #expect(
      renderer.render(diagnostic, in: nil) == """
        error[rule]: the key '\\u{1B}[2J\\u{A}' is odd
         --> a\\u{7}.yaml:1:1
          = help: Remove \\u{1B}.
        """)
  }

  @Test func `colour is added only when asked for and says nothing new`() {
    let source = SourceText(name: "m.yaml", text: "a: 1\nb: 2\n")
    let diagnostic = finding(
      in: source, 5..<6, label: "here", help: "Do this.", notes: [("there", 0..<1)])
    let coloured = TerminalRenderer(colour: true).render(diagnostic, in: source)
    #expect(coloured.contains("\u{1B}[1;31merror[some-rule]\u{1B}[0m"))
    let plain = coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "")
    #expect(plain == renderer.render(diagnostic, in: source))
  }
}
