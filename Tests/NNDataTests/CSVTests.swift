@testable import NNData
import NNDiagnostics
import Testing

/// A text and the cells it holds.
struct CSVCase: CustomTestStringConvertible {
  let name: String
  let text: String
  let cells: [[String]]
  var format = CSVFormat()

  var testDescription: String { name }
}

private let good: [CSVCase] = [
  CSVCase(name: "plain", text: "a,b\n1,2\n3,4\n", cells: [["a", "b"], ["1", "2"], ["3", "4"]]),
  CSVCase(name: "no last line break", text: "a,b\n1,2", cells: [["a", "b"], ["1", "2"]]),
  CSVCase(name: "CRLF", text: "a,b\r\n1,2\r\n", cells: [["a", "b"], ["1", "2"]]),
  CSVCase(
    name: "CRLF after an empty cell", text: "a,b\r\n1,\r\n", cells: [["a", "b"], ["1", ""]]),
  CSVCase(name: "BOM", text: "\u{FEFF}a,b\n1,2\n", cells: [["a", "b"], ["1", "2"]]),
  CSVCase(name: "quotes", text: "a,b\n\"1,5\",\"x\"\n", cells: [["a", "b"], ["1,5", "x"]]),
  CSVCase(
    name: "doubled quotes", text: "a,b\n\"say \"\"no\"\"\",\"\"\"\"\n",
    cells: [["a", "b"], ["say \"no\"", "\""]]),
  CSVCase(
    name: "a line break in quotes", text: "a,b\n\"1\n2\",3\n4,5\n",
    cells: [["a", "b"], ["1\n2", "3"], ["4", "5"]]),
  CSVCase(name: "empty quotes at the end", text: "a,b\n1,\"\"", cells: [["a", "b"], ["1", ""]]),
  CSVCase(
    name: "quotes before CRLF", text: "\"a\",\"b\"\r\n\"1\",\"2\"\r\n",
    cells: [["a", "b"], ["1", "2"]]),
  CSVCase(
    name: "a quote inside a bare cell", text: "a,b\n5\",6\n", cells: [["a", "b"], ["5\"", "6"]]),
  CSVCase(
    name: "blank lines at the end", text: "a,b\n1,2\n\n\r\n", cells: [["a", "b"], ["1", "2"]]),
  CSVCase(name: "one column with a gap", text: "a\n1\n\n3\n", cells: [["a"], ["1"], [""], ["3"]]),
  CSVCase(
    name: "semicolons", text: "a;b\n1,5;2\n", cells: [["a", "b"], ["1,5", "2"]],
    format: CSVFormat(delimiter: UInt8(ascii: ";"))),
  CSVCase(
    name: "no header", text: "1,2\n3,4\n",
    cells: [["column_1", "column_2"], ["1", "2"], ["3", "4"]],
    format: CSVFormat(hasHeader: false)),
  CSVCase(name: "spaces stay", text: "a,b\n x ,é\n", cells: [["a", "b"], [" x ", "é"]]),
]

@Suite struct CSVTests {
  @Test(arguments: good) func `a table has the cells RFC 4180 says`(_ c: CSVCase) throws {
    let (table, diagnostics) = Table.parse(Array(c.text.utf8), name: "x.csv", format: c.format)
    #expect(places(diagnostics) == [])
    let found = try #require(table)
    let rows = (0..<found.rowCount).map { row in
      found.columnNames.indices.map { found.text(row: row, column: $0) }
    }
    #expect([found.columnNames] + rows == c.cells)
  }

  @Test(arguments: [
    ("", ["x.csv:1:1 empty-file"]),
    ("a,b\n", ["x.csv:1:1 no-rows"]),
    ("a,b\n1,2\n3\n", ["x.csv:3:2 uneven-row"]),
    ("a,b\n1,2,3\n4,5\n6,7,8,9\n", ["x.csv:2:5 uneven-row", "x.csv:4:5 uneven-row"]),
    ("a,b\n1,2\n\n3,4\n", ["x.csv:3:1 uneven-row"]),
    ("a,b\n1,\"2\n3,4\n", ["x.csv:2:3 unclosed-quote"]),
    ("a,\"b\n", ["x.csv:1:3 unclosed-quote"]),
    ("a,b\n\"1\"x,2\n", ["x.csv:2:4 text-after-quote"]),
    ("a,b,a\n1,2,3\n", ["x.csv:1:5 duplicate-column-name"]),
    ("a,,c, \n1,2,3,4\n", ["x.csv:1:3 empty-column-name", "x.csv:1:6 empty-column-name"]),
    ("a,b\r1,2\r", ["x.csv:1:4 bare-carriage-return"]),
    ("é,b\n\"ü\n\",2\nä,3,4\n", ["x.csv:4:5 uneven-row"]),
    ("\u{1F}\u{8B}", ["x.csv:1:1 no-rows"]),
  ])
  func `what is wrong is located in the file`(_ text: String, _ expected: [String]) {
    let (table, diagnostics) = Table.parse(
      Array(text.utf8), name: "x.csv", format: CSVFormat())
    #expect(places(diagnostics) == expected)
    #expect(table == nil)
  }

  @Test(
    arguments: [
      ([0x61, 0x0A, 0xE9, 0x0A], "x.csv:2:1 not-utf8"),
      ([0x61, 0x0A, 0x31, 0xC3], "x.csv:2:2 not-utf8"),
      ([0xFF, 0xFE, 0x61, 0x00], "x.csv:1:1 not-utf8"),
      ([0x61, 0x0A, 0x31, 0x00, 0x0A], "x.csv:2:2 binary-data"),
      ([0x1F, 0x8B, 0x08, 0x00], "x.csv:1:1 binary-data"),
    ] as [([UInt8], String)])
  func `bytes that are no text are refused with their place`(_ bytes: [UInt8], _ place: String) {
    let (table, diagnostics) = Table.parse(bytes, name: "x.csv", format: CSVFormat())
    #expect(places(diagnostics) == [place])
    #expect(table == nil)
  }

  @Test func `an uneven row names both widths`() {
    let (_, diagnostics) = Table.parse(
      Array("a,b,c\n1,2\n".utf8), name: "x.csv", format: CSVFormat())
    #expect(diagnostics.map(\.message) == ["row 1 has 2 cells, the header has 3"])
  }

  @Test func `after twenty problems only their number is told`() {
    let text = "a,b\n" + String(repeating: "1\n", count: 50)
    let (_, diagnostics) = Table.parse(Array(text.utf8), name: "x.csv", format: CSVFormat())
    #expect(diagnostics.count == 21)
    #expect(diagnostics.last?.code == "more-problems")
    #expect(diagnostics.last?.message == "30 more problems in 'x.csv'")
  }

  @Test(arguments: [
    ("pixel_*", "pixel_12", true), ("pixel_*", "pixel_", true), ("pixel_*", "pixe", false),
    ("*", "", true), ("a*b*c", "a--b--c", true), ("a*b*c", "a--c--b", false),
    ("*_x", "a_x_x", true), ("a", "ab", false), ("**", "a", true), ("", "a", false),
  ])
  func `a star stands for any characters`(_ pattern: String, _ name: String, _ isMatch: Bool) {
    #expect(matches(name, pattern: pattern) == isMatch)
  }
}
