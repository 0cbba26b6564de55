@testable import NNData
import NNDiagnostics
import Testing

/// Rows without a file's name: what they are compressed with, their first bytes tell.
@Suite struct StandardInputTests {
  private static let csv = Array("x,y\n1,2\n3,4\n".utf8)

  private func parse(_ bytes: [UInt8]) -> (Table?, [Diagnostic]) {
    Table.parse(input: bytes, name: "<standard input>", format: .cells(CSVFormat()))
  }

  @Test func `plain and compressed bytes are the same table`() throws {
    // A frame of Zstandard with one block that is not compressed.
    let frame: [UInt8] =
      [0x28, 0xB5, 0x2F, 0xFD, 0x20, UInt8(Self.csv.count)]
      + [UInt8(Self.csv.count << 3 | 1), 0, 0] + Self.csv
    for bytes in [Self.csv, storedGzip(Self.csv), frame] {
      let (table, findings) = parse(bytes)
      #expect(places(findings) == [])
      #expect(table?.columnNames == ["x", "y"] && table?.rowCount == 2)
    }
  }

  @Test func `what is cut short is told of standard input`() {
    let (table, findings) = parse(Array(storedGzip(Self.csv).dropLast(9)))
    #expect(table == nil)
    #expect(places(findings) == ["<standard input>:1:1 truncated-gzip"])
    #expect(parse([0x28, 0xB5, 0x2F, 0xFD, 0x20]).1.map(\.code) == ["corrupt-zstd"])
  }

  @Test func `arrays are a table of their columns`() throws {
    let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 3, 5, 6, 7]
    let format = TableFormat.typed(IDXFormat(column: "a"))
    let (one, two) = (
      Table.parse(idx, name: "one", format: format).0,
      Table.parse(idx, name: "two", format: format).0
    )
    let both = Table.sideBySide([("x", try #require(one)), ("y", try #require(two))])
    #expect(both?.columnNames == ["x", "y"] && both?.rowCount == 3)
    let short = Table.parse([0, 0, 8, 1, 0, 0, 0, 1, 5], name: "short", format: format).0
    #expect(Table.sideBySide([("x", try #require(one)), ("y", try #require(short))]) == nil)
    let cells = try #require(parse(Self.csv).0)
    #expect(!cells.isSingleColumn && Table.sideBySide([("x", cells)]) == nil)
  }
}
