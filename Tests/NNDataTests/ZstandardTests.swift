@testable import NNData
import NNTensor
import Testing

@Suite struct ZstandardTests {
  private func fixture() throws -> (packed: [UInt8], text: [UInt8]) {
    let packed = try FileBytes(mapping: ReaderFixture.folder + "/records.jsonl.zst")
    let plain = try FileBytes(mapping: ReaderFixture.folder + "/records.jsonl")
    return (
      try #require(packed.copy(0..<packed.count)), try #require(plain.copy(0..<plain.count))
    )
  }

  @Test func `a compressed file is the text it holds, frames follow each other`() throws {
    let (packed, text) = try fixture()
    // The text begins with a line break that the plain file lacks.
    let whole = [UInt8(ascii: "\n")] + text
    #expect(try unzstd(packed) == whole)
    #expect(try unzstd(packed + packed) == whole + whole)
    #expect(throws: FileProblem.tooLarge(limit: 10)) { try unzstd(packed, limit: 10) }
  }

  @Test func `every truncation and every changed byte is noticed`() throws {
    let (packed, _) = try fixture()
    for count in 0..<packed.count {
      #expect(throws: FileProblem.self) { try unzstd(Array(packed[..<count])) }
      if count >= 4 {
        #expect(throws: Never.self) { try unzstd(Array(packed[..<count]), isPrefix: true) }
      }
    }
    for index in packed.indices {
      var damaged = packed
      damaged[index] ^= 0x10
      if let text = try? unzstd(damaged) { #expect(text == (try? unzstd(packed))) }
    }
  }

  @Test func `a table may be compressed, also where only its header is read`() throws {
    let folder = TestFolder()
    folder.write([0x28, 0xB5, 0x2F, 0xFD], to: "a.csv.zst")
    let (none, diagnostics) = try readSource("a.csv.zst", in: folder.path)
    #expect(none == nil)
    #expect(places(diagnostics) == ["model.yaml:1:1 corrupt-zstd"])
    for amount in [ReadAmount.header, .everything] {
      let (table, _) = try readSource("table.csv.zst", in: ReaderFixture.folder, amount)
      #expect(table?.columnNames == ["a", "b"])
      #expect(table?.rowCount == (amount == .header ? 0 : 500))
    }
  }
}
