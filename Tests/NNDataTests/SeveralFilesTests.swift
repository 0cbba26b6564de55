@testable import NNData
import NNDiagnostics
import NNModel
import NNTensor
import Testing

/// A path with a star: several files as one table.
@Suite struct SeveralFilesTests {
  private static let rest =
    "inputs: {x: {columns: a, scale: standard}}\ntargets: {kind: {type: category}}\n"

  private func prepared(_ source: String, in folder: TestFolder) throws -> PreparedData {
    var reading = Reading("source: \(source)\n" + SeveralFilesTests.rest)
    let data = reading.load(in: folder.path)
    #expect(places(reading.reader.diagnostics) == [])
    return try #require(data)
  }

  @Test func `files are one table, in the order of their names`() throws {
    let folder = TestFolder([
      "part-2.csv": "a,kind\n3,u\n4.5,\"v\"\n", "part-1.csv": "\u{FEFF}a,kind\r\n1,u\r\n2,v\r\n",
      ".part-0.csv": "a,kind\n9,u\n", "whole.csv": "a,kind\n1,u\n2,v\n3,u\n4.5,v\n",
      "part-1.jsonl": "{\"a\": 1, \"kind\": \"u\"}\n{\"a\": 2, \"kind\": \"v\"}\n",
      "part-2.jsonl": "{\"kind\": \"u\", \"a\": 3}\n{\"a\": 4.5, \"kind\": \"v\"}\n",
    ])
    let whole = try prepared("whole.csv", in: folder)
    for pattern in ["part-*.csv", "part-*.jsonl"] {
      let parts = try prepared("\"\(pattern)\"", in: folder)
      #expect(parts.splits == whole.splits)
      #expect(
        parts.sourceFiles.map(\.path)
          == ["part-1", "part-2"].map { $0 + pattern.dropFirst("part-*".count) })
    }
    #expect(whole.sourceFiles.map(\.path) == ["whole.csv"])
  }

  @Test func `a pattern names the files that it matches`() throws {
    let reading = Reading("source: \"parts/p*.csv\"\n" + SeveralFilesTests.rest)
    let spec = try #require(reading.spec)
    #expect(["parts/p1.csv", "parts/p.csv", "parts/p*.csv"].allSatisfy(spec.names))
    #expect(!["p1.csv", "parts/q.csv", "other/p1.csv", "parts/p1.txt"].contains(where: spec.names))
  }

  @Test func `tensors of several files follow each other`() throws {
    let (table, diagnostics) = try readSource("\"version-*.npy\"", in: ReaderFixture.folder)
    #expect(places(diagnostics) == [])
    let tensors = try #require(table?.typed?.columns.first)
    guard case .tensors(let column) = tensors.values else { return }
    #expect(column.rowCount == 6)
    #expect(try floatsOfRow(column, 1) == floatsOfRow(column, 4))
    #expect(try floatsOfRow(column, 0) != floatsOfRow(column, 2))
    #expect(try column.number(5, element: 3) == column.number(2, element: 3))
  }

  @Test func `a finding names the file, and the row and line in it`() throws {
    let folder = TestFolder([
      "p1.csv": "a,kind\n1,u\n2,v\n", "p2.csv": "a,kind\n\n3,u\nx,v\n",
      "q1.jsonl": "{\"a\": 1, \"kind\": \"u\"}\n", "q2.jsonl": "\n{\"a\": null, \"kind\": \"v\"}\n",
    ])
    for (pattern, place, message) in [
      ("p*.csv", "p2.csv:2:1 uneven-row", ""),
      ("q*.jsonl", "q2.jsonl:2:1 missing-value", "row 1, column 'a' has no value"),
    ] {
      var reading = Reading("source: \"\(pattern)\"\n" + SeveralFilesTests.rest)
      #expect(reading.load(in: folder.path) == nil)
      #expect(places(reading.reader.diagnostics) == [place])
      #expect(reading.reader.diagnostics.first?.message.contains(message) ?? false || message == "")
    }
    folder.write(Array("a,kind\n3,u\nx,v\n".utf8), to: "p2.csv")
    var reading = Reading("source: \"p*.csv\"\n" + SeveralFilesTests.rest)
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["p2.csv:3:1 bad-number"])
    #expect(reading.reader.diagnostics.first?.message.hasPrefix("row 2, column 'a'") ?? false)
  }

  @Test func `files of one table have the same columns, of the same kinds`() throws {
    let folder = TestFolder([
      "p1.csv": "a,b\n1,2\n", "p2.csv": "b,a\n1,2\n", "q1.jsonl": "{\"a\": 1}\n",
      "q2.jsonl": "{\"a\": \"x\"}\n", "q3.jsonl": "{\"a\": null}\n", "r1.jsonl": "{\"a\": null}\n",
      "r2.jsonl": "{\"a\": [1, 2]}\n", "s1.csv": "a\n1\n", "s2.csv": "a\n1,\"\n",
    ])
    func found(_ pattern: String) throws -> [String] {
      try places(readSource("\"\(pattern)\"", in: folder.path).1)
    }
    #expect(try found("p*.csv") == ["p2.csv:1:1 uneven-columns"])
    #expect(try found("q*.jsonl") == ["q2.jsonl:1:1 mixed-values"])
    #expect(try found("r*.jsonl") == [])
    #expect(try found("s*.csv") == ["s2.csv:2:3 unclosed-quote"])
    #expect(try found("t*.csv") == ["model.yaml:1:1 file-not-found"])
    let (table, _) = try readSource("\"r*.jsonl\"", in: folder.path)
    guard case .tensors(let column)? = table?.typed?.columns.first?.values else { return }
    #expect(column.rowCount == 2)
    #expect(try floatsOfRow(column, 0).allSatisfy(\.isNaN))
  }
}
