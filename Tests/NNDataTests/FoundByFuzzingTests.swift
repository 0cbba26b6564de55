@testable import NNData
import NNDiagnostics
import Testing

/// What libFuzzer made that a reader did not bear, as short as it became; see `Scripts/fuzz.sh`.
@Suite struct FoundByFuzzingTests {
  @Test(arguments: ["[1, -9223372036854775808]", "[9, 5]", "[0, 9223372036854775807]"])
  func `places of a tensor that lie nowhere are a finding`(_ places: String) {
    let header = Array(
      #"{"w": {"dtype": "F32", "shape": [1], "data_offsets": \#(places)}}"#.utf8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    let (table, diagnostics) = SafetensorsFormat().parse(
      FileBytes(length + header + [0, 0, 0, 0]), name: "w.safetensors")
    #expect(table == nil)
    #expect(diagnostics.map(\.message).contains { $0.contains("'w' does not fit into the file") })
  }
}
