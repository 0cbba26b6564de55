import NNCheckpoint
import Testing

/// A file that must be refused, and for what.
struct MalformedCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let bytes: [UInt8]
  let flaw: CheckpointFlaw

  /// A file given byte by byte.
  init(_ description: String, bytes: [UInt8], _ flaw: CheckpointFlaw) {
    testDescription = description
    self.bytes = bytes
    self.flaw = flaw
  }

  /// A file whose eight first bytes tell the truth about its header.
  init(_ description: String, _ header: String, data: Int = 0, _ flaw: CheckpointFlaw) {
    let header = Array(header.utf8)
    self.init(
      description,
      bytes: length(UInt64(header.count)) + header + [UInt8](repeating: 0, count: data),
      flaw)
  }

  /// A file with one entry, `w`, whose fields are given as JSON.
  init(
    entry description: String, dtype: String = #""F32""#, shape: String = "[2, 2]",
    offsets: String = "[0, 16]", data: Int = 16, _ flaw: CheckpointFlaw
  ) {
    self.init(
      description, #"{"w": {"dtype": \#(dtype), "shape": \#(shape), "data_offsets": \#(offsets)}}"#,
      data: data, flaw)
  }
}

private func length(_ value: UInt64) -> [UInt8] {
  (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * UInt64($0))) }
}

/// Entries of one-dimensional float tensors, from their offsets.
private func entries(_ offsets: [(String, Int, Int)]) -> String {
  let texts = offsets.map { name, begin, end in
    #""\#(name)": {"dtype": "F32", "shape": [\#((end - begin) / 4)], "#
      + #""data_offsets": [\#(begin), \#(end)]}"#
  }
  return "{" + texts.joined(separator: ", ") + "}"
}

@Suite struct MalformedCheckpointTests {
  static let files: [MalformedCase] = [
    .init("an empty file", bytes: [], .tooShort(byteCount: 0)),
    .init("seven bytes", bytes: [2, 0, 0, 0, 0, 0, 0], .tooShort(byteCount: 7)),
    .init(
      "a length beyond any file", bytes: length(.max) + Array("{}".utf8),
      .headerTooLong(byteCount: .max)),
    .init(
      "a length just beyond the limit", bytes: length(100_000_001) + Array("{}".utf8),
      .headerTooLong(byteCount: 100_000_001)),
    .init(
      "a length beyond this file", bytes: length(3) + Array("{}".utf8),
      .headerBeyondEnd(byteCount: 3, present: 2)),
    .init("no header", bytes: length(0), .headerNotObject),
    .init(
      "a web page", bytes: Array("<!DOCTYPE html>".utf8),
      .headerTooLong(byteCount: 0x5059_5443_4F44_213C)),
  ]

  static let headers: [MalformedCase] = [
    .init("an array", "[]", .headerNotObject),
    .init("a word", "null", .headerNotObject),
    .init("a space before the brace", " {}", .headerNotObject),
    .init(
      "half an object", #"{"w": "#, .headerNotJSON(reason: "the text ends too early", offset: 14)),
    .init(
      "two objects", "{}{}", .headerNotJSON(reason: "more text follows the value", offset: 10)),
    .init(
      "zeros as padding", "{}\0\0",
      .headerNotJSON(reason: "more text follows the value", offset: 10)),
    .init(
      "bytes that are not UTF-8",
      bytes: length(7) + [0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x30, 0x7D], .headerNotUTF8(offset: 10)),
    .init(
      "nesting without end", #"{"w": "# + String(repeating: "[", count: 10_000),
      .headerNotJSON(reason: "values are nested deeper than 3 levels", offset: 16)),
    .init(
      "a tensor twice", #"{"w": {}, "w": {}}"#, .duplicateName("w")),
    .init(
      "a field twice", #"{"w": {"dtype": "F32", "dtype": "F32"}}"#, .duplicateName("dtype")),
    .init(
      "metadata twice", #"{"__metadata__": {}, "__metadata__": {}}"#,
      .duplicateName("__metadata__")),
    .init("a list as metadata", #"{"__metadata__": []}"#, .metadataNotObject),
    .init(
      "a number in metadata", #"{"__metadata__": {"a": "x", "nnc.seed": 7}}"#,
      .metadataNotText(key: "nnc.seed")),
    .init("a number as entry", #"{"w": 1}"#, .entryNotObject(tensor: "w")),
    .init(
      "an entry without type", #"{"w": {"shape": [], "data_offsets": [0, 4]}}"#, data: 4,
      .missingField(tensor: "w", field: "dtype")),
    .init(
      "an entry without shape", #"{"w": {"dtype": "F32", "data_offsets": [0, 4]}}"#, data: 4,
      .missingField(tensor: "w", field: "shape")),
    .init(
      "an entry without offsets", #"{"w": {"dtype": "F32", "shape": []}}"#, data: 4,
      .missingField(tensor: "w", field: "data_offsets")),
    .init(
      "an entry with strides", #"{"w": {"dtype": "F32", "strides": [1]}}"#,
      .unknownField(tensor: "w", field: "strides")),
  ]

  static let fields: [MalformedCase] = [
    .init(entry: "a type nobody knows", dtype: #""F31""#, .unknownType(tensor: "w", type: "F31")),
    .init(
      entry: "a type in small letters", dtype: #""f32""#, .unknownType(tensor: "w", type: "f32")),
    .init(
      entry: "a type nnc does not read", dtype: #""U64""#, .unknownType(tensor: "w", type: "U64")),
    .init(entry: "a number as type", dtype: "32", .unknownType(tensor: "w", type: "32")),
    .init(entry: "a number as shape", shape: "4", .badShape(tensor: "w")),
    .init(entry: "a negative size", shape: "[-2, -2]", .badShape(tensor: "w")),
    .init(entry: "a size with a fraction", shape: "[2.0, 2]", .badShape(tensor: "w")),
    .init(entry: "a size as text", shape: #"["2", 2]"#, .badShape(tensor: "w")),
    .init(
      entry: "sizes whose product overflows", shape: "[4294967296, 4294967296]",
      .tooManyElements(tensor: "w")),
    .init(
      entry: "sizes whose product wraps around to 16 bytes", shape: "[4611686018427387905, 4]",
      .tooManyElements(tensor: "w")),
    .init(
      entry: "an empty tensor whose strides overflow", shape: "[0, 4611686018427387904, 4]",
      offsets: "[0, 0]", data: 0, .tooManyElements(tensor: "w")),
    .init(
      entry: "as many bytes as memory has addresses", shape: "[2305843009213693952]",
      .tooManyElements(tensor: "w")),
    .init(
      entry: "a size beyond 64 bits", shape: "[9223372036854775808]",
      .headerNotJSON(reason: "the number is out of range", offset: 41)),
    .init(entry: "one offset", offsets: "[0]", .badOffsets(tensor: "w")),
    .init(entry: "three offsets", offsets: "[0, 8, 16]", .badOffsets(tensor: "w")),
    .init(entry: "a negative offset", offsets: "[-16, 0]", .badOffsets(tensor: "w")),
    .init(entry: "offsets with fractions", offsets: "[0.0, 16.0]", .badOffsets(tensor: "w")),
    .init(
      entry: "reversed offsets", offsets: "[16, 0]",
      .reversedOffsets(tensor: "w", begin: 16, end: 0)),
    .init(
      entry: "fewer bytes than the shape needs", offsets: "[0, 12]", data: 12,
      .sizeMismatch(tensor: "w", expected: 16, named: 12)),
    .init(
      entry: "half as many bytes as the type needs", dtype: #""F64""#,
      .sizeMismatch(tensor: "w", expected: 32, named: 16)),
    .init(
      entry: "an empty shape with bytes", shape: "[0]",
      .sizeMismatch(tensor: "w", expected: 0, named: 16)),
  ]

  static let covers: [MalformedCase] = [
    .init(
      entry: "a file cut inside a tensor", data: 3, .truncated(tensor: "w", named: 16, present: 3)),
    .init(entry: "a file without data", data: 0, .truncated(tensor: "w", named: 16, present: 0)),
    .init(
      entry: "a terabyte that is not there", shape: "[274877906944]", offsets: "[0, 1099511627776]",
      .truncated(tensor: "w", named: 1 << 40, present: 16)),
    .init(entry: "a byte behind the last tensor", data: 17, .trailingBytes(1)),
    .init("data without tensors", "{}", data: 4, .trailingBytes(4)),
    .init(
      entry: "a first byte nobody owns", shape: "[4]", offsets: "[4, 20]", data: 20,
      .hole(before: "w", byteCount: 4)),
    .init(
      entry: "offsets near the largest number", shape: "[1]",
      offsets: "[9223372036854775800, 9223372036854775804]",
      .hole(before: "w", byteCount: 9_223_372_036_854_775_800)),
    .init(
      "a hole between two tensors", entries([("a", 0, 8), ("b", 12, 16)]), data: 16,
      .hole(before: "b", byteCount: 4)),
    .init(
      "two tensors that share bytes", entries([("b", 4, 12), ("a", 0, 8)]), data: 12,
      .overlap(tensor: "b", with: "a")),
    .init(
      "two tensors with the same bytes", entries([("a", 0, 8), ("b", 0, 8)]), data: 8,
      .overlap(tensor: "b", with: "a")),
    .init(
      "an empty tensor inside another", entries([("a", 0, 8), ("b", 4, 4)]), data: 8,
      .overlap(tensor: "b", with: "a")),
  ]

  @Test(arguments: files + headers + fields + covers)
  func `a malformed file is refused for its flaw`(_ malformed: MalformedCase) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/hostile.safetensors"
      try put(malformed.bytes, in: path)
      #expect(throws: CheckpointError.malformed(path: path, malformed.flaw)) {
        try Checkpoint(contentsOf: path)
      }
      let message = CheckpointError.malformed(path: path, malformed.flaw).message
      #expect(message.contains("hostile.safetensors"))
      #expect(!message.contains("\n"))
    }
  }

  @Test func `a file cut anywhere is refused, and never read as another`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/cut.safetensors"
      let bytes = try sample.bytes()
      for count in bytes.indices {
        try put(Array(bytes[..<count]), in: path)
        #expect(throws: CheckpointError.self) { try Checkpoint(contentsOf: path) }
      }
    }
  }

  @Test func `a header with any one byte changed is refused or read, and never stops nnc`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/changed.safetensors"
      let bytes = try sample.bytes()
      for index in 0..<(bytes.count - 36) {
        for value: UInt8 in [0x22, 0x2D, 0x39, 0x7D, 0xFF] {
          var changed = bytes
          changed[index] = value
          try put(changed, in: path)
          _ = try? Checkpoint(contentsOf: path)
        }
      }
    }
  }
}
