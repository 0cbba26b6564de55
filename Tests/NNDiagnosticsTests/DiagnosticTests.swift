import NNDiagnostics
import NNJSON
import Testing

@Suite struct DiagnosticTests {
  static let summaries: [(Int, Int, Int, String)] = [
    (0, 0, 1, "no problems in 1 file"),
    (0, 0, 3, "no problems in 3 files"),
    (1, 0, 1, "1 error in 1 file"),
    (2, 1, 1, "2 errors and 1 warning in 1 file"),
    (0, 2, 4, "2 warnings in 4 files"),
  ]

  @Test(arguments: summaries)
  func `findings are summed up in one line`(
    _ errors: Int, _ warnings: Int, _ files: Int, _ expected: String
  ) {
    #expect(summary(errors: errors, warnings: warnings, files: files) == expected)
  }

  @Test func `the JSON has every key, and null for help that is absent`() {
    let source = SourceText(name: "m.yaml", text: "a: 1\na: 2\n")
    let plain = finding(in: source, 5..<6)
    #expect(
      plain.json.serialized() == """
        {"severity":"error","code":"some-rule","message":"something is wrong","file":"m.yaml",\
        "line":2,"column":1,"endLine":2,"endColumn":2,"help":null,"notes":[]}
        """)
    let full = finding(
      .warning, in: source, 5..<6, label: "here", help: "Remove it.", notes: [("first", 0..<1)])
    #expect(
      full.json == [
        "severity": "warning", "code": "some-rule", "message": "something is wrong",
        "file": "m.yaml", "line": 2, "column": 1, "endLine": 2, "endColumn": 2, "label": "here",
        "help": "Remove it.",
        "notes": [["message": "first", "line": 1, "column": 1, "endLine": 1, "endColumn": 2]],
      ])
    #expect(diagnosticsDocument([]).serialized() == #"{"diagnostics":[]}"#)
    #expect(diagnosticsDocument([plain, full])["diagnostics"]?.elements?.count == 2)
  }

  @Test func `findings are read by file, place and severity, each once`() {
    let a = SourceText(name: "b.yaml", text: "0123456789")
    let b = SourceText(name: "a.yaml", text: "0123456789")
    let findings = [
      finding(in: a, 5..<6), finding(in: b, 1..<2), finding(.warning, in: a, 2..<3),
      finding(in: a, 2..<3), finding(in: a, 5..<6), finding(in: a, 5..<6, label: "other"),
    ]
    let sorted = findings.sortedForReading()
    #expect(sorted == [findings[3], findings[2], findings[0], findings[5], findings[1]])
    #expect(sorted.errorCount == 4)
    #expect(sorted.warningCount == 1)
    #expect(sorted.hasErrors)
    #expect(![findings[2]].hasErrors)
  }

  static let positions: [(String, Int, Int, Int)] = [
    ("", 0, 1, 1),
    ("ab\ncd", 0, 1, 1),
    ("ab\ncd", 2, 1, 3),
    ("ab\ncd", 3, 2, 1),
    ("ab\ncd", 99, 2, 3),
    ("é👩‍👩‍👧x", 2, 1, 2),
    ("é👩‍👩‍👧x", 20, 1, 3),
    ("a\r\nb", 3, 2, 1),
    ("a\n", 2, 2, 1),
  ]

  @Test(arguments: positions)
  func `columns count characters as a reader does`(
    _ text: String, _ offset: Int, _ line: Int, _ column: Int
  ) {
    let position = SourceText(name: "m.yaml", text: text).position(atOffset: offset)
    #expect(position.line == line)
    #expect(position.column == column)
  }
}
