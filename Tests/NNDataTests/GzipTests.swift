@testable import NNData
import NNModel
import Testing

@Suite struct GzipTests {
  private let text = Array("a,b\n1,2\n".utf8)

  @Test func `a compressed file is the text it holds`() throws {
    #expect(try gunzip(storedGzip(text)) == text)
  }

  @Test func `members follow each other, zeros behind them mean nothing`() throws {
    #expect(try gunzip(storedGzip(text) + storedGzip(text) + [0, 0, 0]) == text + text)
  }

  @Test func `every truncation is noticed`() {
    let whole = storedGzip(text)
    for count in 2..<whole.count {
      #expect(throws: FileProblem.truncatedGzip) { try gunzip(Array(whole[..<count])) }
    }
    #expect(throws: FileProblem.notGzip) { try gunzip([0x1F]) }
    #expect(throws: FileProblem.notGzip) { try gunzip(text) }
  }

  @Test func `every changed byte of the content is noticed`() {
    let whole = storedGzip(text)
    // The byte before holds the block's kind in three bits and padding in the others.
    for index in 11..<whole.count {
      var damaged = whole
      damaged[index] ^= 0x10
      #expect(throws: FileProblem.self) { try gunzip(damaged) }
    }
  }

  @Test func `text behind the compressed data is noticed`() {
    #expect(throws: FileProblem.self) { try gunzip(storedGzip(text) + text) }
  }

  @Test func `a file that grows past the limit is refused`() {
    let large = storedGzip([UInt8](repeating: 65, count: 1 << 20))
    #expect(throws: FileProblem.tooLarge(limit: 1000)) { try gunzip(large, limit: 1000) }
  }

  @Test func `the digits are read from their compressed file`() throws {
    let (table, diagnostics) = Table.read(path: datasets + "/digits.csv.gz")
    #expect(places(diagnostics) == [])
    #expect(table?.rowCount == 1797)
    #expect(table?.columnNames.count == 65)
  }

  @Test(
    arguments: [
      ("data.csv.gz", storedGzip(Array("a,b\n1,2\n".utf8)).dropLast(3), "truncated-gzip"),
      ("data.tsv.gz", Array("a\tb\n1\t2\n".utf8)[...], "not-gzip"),
    ] as [(String, ArraySlice<UInt8>, String)])
  func `a damaged file is reported at its path in the model file`(
    _ name: String, _ bytes: ArraySlice<UInt8>, _ code: String
  ) {
    let folder = TestFolder()
    folder.write(Array(bytes), to: name)
    var reading = Reading("source: \(name)\ninputs: {x: a}\ntargets: {y: b}\n")
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["model.yaml:1:9 \(code)"])
  }
}
