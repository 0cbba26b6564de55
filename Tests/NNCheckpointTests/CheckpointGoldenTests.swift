import NNCheckpoint
import NNTensor
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Files in `Golden`: `make.py` writes those of the reference implementation, `make bless` ours.
@Suite struct CheckpointGoldenTests {
  static func path(_ name: String) -> String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/Golden/" + name
  }

  /// Everything nnc records, which the reference implementation would put in a random order.
  static let recorded = {
    var metadata: [String: String] = [:]
    for key in MetadataKey.allCases { metadata[key] = "value of \(key.rawValue)" }
    metadata[.format] = Checkpoint.format
    // What a file says is made as it is written.
    metadata[.contentDigest] = nil
    return Checkpoint(tensors: sample.tensors, metadata: metadata)
  }()

  @Test func `a file of the reference implementation is read`() throws {
    #expect(try Checkpoint(contentsOf: Self.path("python.safetensors")) == sample)
  }

  @Test func `the same content gives the reference implementation's bytes`() throws {
    #expect(try sample.bytes() == contents(of: Self.path("python.safetensors")))
  }

  @Test func `the bytes of a checkpoint do not change from version to version`() throws {
    let path = Self.path("nnc.safetensors")
    if getenv("NNC_BLESS") != nil { try Self.recorded.write(to: path) }
    #expect(try Self.recorded.bytes() == contents(of: path))
    var read = try Checkpoint(contentsOf: path)
    #expect(read[.contentDigest]?.count == 64)
    read[.contentDigest] = nil
    #expect(read == Self.recorded)
  }

  static let converted: [(String, [Float])] = [
    ("bool", [1, 0]),
    ("float16", [1, -0.5, 65504, 0x1p-24, .infinity]),
    ("float64", [0.1, -.infinity]),
    ("int16", [-32768, 32767]),
    ("int32", [-7, 16_777_216]),
    ("int64", [-0x1p40, 3]),
    ("int8", [-128, 127]),
    ("uint16", [0, 65535]),
    ("uint8", [0, 255]),
  ]

  @Test(arguments: converted)
  func `elements of other types become the nearest floats`(
    _ name: String, _ values: [Float]
  ) throws {
    let reader = try CheckpointReader(Self.path("python-types.safetensors"))
    #expect(try reader.tensor(named: name).values == values)
  }

  @Test func `brain floats become the same floats`() throws {
    let header = #"{"w":{"dtype":"BF16","shape":[3],"data_offsets":[0,6]}}"#
    let bytes = [UInt8(header.utf8.count)] + zeros(7) + Array(header.utf8)
    try withTemporaryFolder { folder in
      let path = folder + "/brain.safetensors"
      try put(bytes + [0x80, 0x3F, 0x00, 0xC0, 0x80, 0xFF], in: path)
      #expect(try Checkpoint(contentsOf: path)["w"]?.values == [1, -2, -.infinity])
    }
  }
}
