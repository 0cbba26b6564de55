import NNCheckpoint
import NNTensor
import NNTestSupport
import Testing

/// Checkpoints of nnc say their format and the digest of their content.
@Suite struct SealedCheckpointTests {
  /// A checkpoint as a run writes it.
  private static let sealed = Checkpoint(
    tensors: [
      .init("dense_1.bias", Tensor([2], [0.1, -0.2])),
      .init("dense_1.weight", Tensor([2, 3], [1, -2, 0.5, 0.25, 3, -0.125])),
    ],
    metadata: [
      "nnc.format": Checkpoint.format, "nnc.model": "name: iris\n", "nnc.version": "0.1.0",
    ])

  @Test func `the digest is that of the header without it, and the data`() throws {
    let bytes = try Self.sealed.bytes()
    let headerCount = Int(bytes[0]) + Int(bytes[1]) << 8
    let header = String(decoding: bytes[8..<8 + headerCount], as: UTF8.self)
    let digest = try #require(try Self.written(bytes)[.contentDigest])
    var unsealed = header.replacing("\"nnc.digest.content\":\"\(digest)\",", with: "")
    while unsealed.hasSuffix(" ") { unsealed.removeLast() }
    let data = ContentDigest(of: Array(bytes[(8 + headerCount)...]))
    #expect(digest == ContentDigest(of: unsealed + data.hexadecimal).hexadecimal)
  }

  @Test func `pieces of the data run across tensors, and each counts`() throws {
    let sizes = [3_000_000, 1, 2_500_000, 0, 4_194_304]
    var large = Self.sealed
    large.tensors = sizes.enumerated().map { index, size in
      Checkpoint.Entry("w\(index)", Tensor([size], (0..<size).map { Float($0 % 1000 + index) }))
    }
    try withTemporaryFolder { folder in
      let path = folder + "/large.safetensors"
      let digest = try large.write(to: path)
      #expect(try ContentDigest(ofFile: path) == digest)
      var bytes = try contents(of: path)
      _ = try Checkpoint(contentsOf: path)
      for place in [bytes.count - 1, bytes.count - (1 << 24) - 5, bytes.count - 30_000_000] {
        bytes[place] ^= 8
        try put(bytes, in: path)
        #expect(throws: CheckpointError.changed(path: path)) { try Checkpoint(contentsOf: path) }
        bytes[place] ^= 8
      }
    }
  }

  /// What a file of these bytes says.
  private static func written(_ bytes: [UInt8]) throws -> Checkpoint {
    var checkpoint: Checkpoint?
    try withTemporaryFolder { folder in
      try put(bytes, in: folder + "/c.safetensors")
      checkpoint = try Checkpoint(contentsOf: folder + "/c.safetensors")
    }
    return try #require(checkpoint)
  }

  @Test func `what other tools write has no digest, and needs none`() throws {
    var foreign = Self.sealed
    foreign.metadata = ["format": "pt"]
    #expect(try Self.written(try foreign.bytes()) == foreign)
  }

  @Test(arguments: ["2", "", nil])
  func `another format is refused by its name and version`(_ format: String?) throws {
    var other = Self.sealed
    other[.format] = format
    other[.version] = "7.8.9"
    try withTemporaryFolder { folder in
      let path = folder + "/other.safetensors"
      try other.write(to: path)
      let error = CheckpointError.otherFormat(path: path, format: format, version: "7.8.9")
      #expect(throws: error) { try Checkpoint(contentsOf: path) }
      #expect(error.message.contains("nnc '7.8.9'") && error.message.contains("format '1'"))
    }
  }

  @Test func `one bit of any tensor or any text is noticed`() throws {
    let bytes = try Self.sealed.bytes()
    try withTemporaryFolder { folder in
      let path = folder + "/changed.safetensors"
      for index in bytes.indices where index >= bytes.count - 32 {
        var changed = bytes
        changed[index] ^= 1
        try put(changed, in: path)
        #expect(throws: CheckpointError.changed(path: path)) { try Checkpoint(contentsOf: path) }
      }
      var changed = bytes
      let place = try #require(bytes.firstRange(of: Array("iris".utf8)))
      changed[place.lowerBound] = UInt8(ascii: "I")
      try put(changed, in: path)
      #expect(throws: CheckpointError.changed(path: path)) { try Checkpoint(contentsOf: path) }
    }
  }

  @Test func `five hundred files changed anyhow are refused with a message or say the same`() throws
  {
    let bytes = try Self.sealed.bytes()
    var refused = 0
    try withTemporaryFolder { folder in
      let path = folder + "/mutated.safetensors"
      for seed in 0..<500 {
        try put(mutated(bytes, seed: UInt64(seed)), in: path)
        do throws(CheckpointError) {
          var read = try Checkpoint(contentsOf: path)
          read[.contentDigest] = nil
          #expect(read == Self.sealed)
        } catch {
          refused += 1
          #expect(error.message.contains("mutated.safetensors"))
          #expect(!error.message.contains("\n"))
        }
      }
    }
    #expect(refused > 450)
  }
}
