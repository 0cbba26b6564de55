@testable import NNData
import NNDiagnostics
import Testing

/// What libFuzzer made that a reader did not bear, as short as it became; see `Scripts/fuzz.sh`.
@Suite struct FoundByFuzzingTests {
  @Test(arguments: ["[1, -9223372036854775808]", "[9, 5]", "[0, 9223372036854775807]"])
  func `places of a tensor that lie nowhere are a finding`(_ places: String) {
    let message = refusal(#"{"w": {"dtype": "F32", "shape": [1], "data_offsets": \#(places)}}"#)
    #expect(message?.contains("'w' does not fit into the file") == true)
  }

  @Test func `tensors that share bytes are a finding`() {
    let fields = #"{"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}"#
    #expect(refusal(#"{"v": \#(fields), "w": \#(fields)}"#)?.contains("share bytes") == true)
    #expect(refusal(#"{"w": \#(fields)}"#) == nil)
  }

  /// Why a safetensors file of such a header and one float is refused.
  private func refusal(_ header: String) -> String? {
    let header = Array(header.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let (table, diagnostics) = SafetensorsFormat().parse(
      FileBytes(length + header + [0, 0, 0, 0]), name: "w.safetensors")
    #expect((table == nil) == (diagnostics.count == 1))
    return diagnostics.first?.message
  }

  @Test func `members of an archive that share bytes are a finding`() throws {
    let file = try FileBytes(mapping: ReaderFixture.folder + "/stored.npz")
    var bytes = try #require(file.copy(0..<file.count))
    // The record at the end tells how many members there are and where their directory lies.
    let end = bytes.count - 22
    let size = Int(try #require(littleEndian(UInt32.self, bytes, at: end + 12)))
    let count = Int(try #require(littleEndian(UInt16.self, bytes, at: end + 10)))
    let start = Int(try #require(littleEndian(UInt32.self, bytes, at: end + 16)))
    let directory = bytes[start..<start + size]
    for place in [8, 10] { bytes[end + place] = UInt8(count * 20) }
    for byte in 0..<4 {
      bytes[end + 12 + byte] = UInt8(truncatingIfNeeded: (size * 20) >> (8 * byte))
    }
    bytes.insert(contentsOf: (1..<20).flatMap { _ in directory }, at: start + size)
    let (table, diagnostics) = NumPyFormat().parse(FileBytes(bytes), name: "shared.npz")
    #expect(table == nil)
    #expect(diagnostics.map { $0.message.contains("share bytes") } == [true])
  }

  /// Each row that ended early became a value of every attribute: 80 GB of a file of 1 MB.
  @Test func `rows of ARFF that end early take no memory`() {
    let attributes = (0..<50_000).map { "@attribute a\($0) real\n" }.joined()
    let rows = String(repeating: "1\n", count: 200_000)
    let (table, diagnostics) = ARFFFormat().parse(
      FileBytes(Array("\(attributes)@data\n\(rows)".utf8)), name: "short.arff")
    #expect(table == nil)
    #expect(diagnostics.first?.code == "uneven-row")
  }

  /// A row without a key became a whole array: 80 GB of a file of 500 KB.
  @Test(arguments: ["{}", #"{"a":null}"#])
  func `rows of JSON that lack a long array take no memory`(_ row: String) {
    let array = #"{"a":[\#(Array(repeating: "0", count: 100_000).joined(separator: ","))]}"#
    let rows = Array(repeating: row, count: 100_000).joined(separator: "\n")
    for text in ["\(array)\n\(rows)", "\(rows)\n\(array)"] {
      let (table, diagnostics) = JSONLinesFormat().parse(
        FileBytes(Array(text.utf8)), name: "long.jsonl")
      #expect(table == nil)
      #expect(diagnostics.map(\.code) == ["out-of-range"])
    }
  }
}
