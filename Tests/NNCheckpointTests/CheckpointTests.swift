import NNCheckpoint
import NNTensor
import Testing

/// What `Golden/make.py` writes as `python.safetensors`.
let sample = Checkpoint(
  tensors: [
    .init("dense_1.bias", Tensor([2], [0.1, -0.2])),
    .init("dense_1.weight", Tensor([2, 3], [1, -2, 0.5, 0.25, 3, -0.125])),
    .init("größe.weight", Tensor([0, 4], [])),
    .init("scalar", Tensor(.scalar, [7])),
  ],
  metadata: ["nnc.model": "name: \"iris\"\nseed: 7\n"])

@Suite struct CheckpointTests {
  @Test func `what is written is read back, bit by bit`() throws {
    let patterns: [UInt32] = [0x8000_0000, 1, 0x7F80_0000, 0x7FC0_1234, 0xFFFF_FFFF]
    let values = patterns.map { Float(bitPattern: $0) }
    let checkpoint = Checkpoint(
      tensors: [.init("w", Tensor([5], values))], metadata: ["é\"\n\u{0}": "😀"])
    try withTemporaryFolder { folder in
      let path = folder + "/best.safetensors"
      try checkpoint.write(to: path)
      let read = try Checkpoint(contentsOf: path)
      #expect(read.metadata == checkpoint.metadata)
      #expect(read["w"]?.values.map(\.bitPattern) == patterns)
      #expect(try names(in: folder) == ["best.safetensors"])
    }
  }

  @Test func `a tensor larger than any buffer keeps every element`() throws {
    let values = (0..<300_000).map { Float($0) }
    let checkpoint = Checkpoint(tensors: [
      .init("a", Tensor([3], [1, 2, 3])), .init("b", Tensor([300, 1000], values)),
      .init("c", Tensor([1], [4])),
    ])
    try withTemporaryFolder { folder in
      try checkpoint.write(to: folder + "/large.safetensors")
      #expect(try Checkpoint(contentsOf: folder + "/large.safetensors") == checkpoint)
    }
  }

  @Test func `an empty checkpoint is a file, too`() throws {
    try withTemporaryFolder { folder in
      try Checkpoint().write(to: folder + "/empty.safetensors")
      #expect(
        try contents(of: folder + "/empty.safetensors") == [8] + zeros(7) + Array("{}      ".utf8))
      #expect(try Checkpoint(contentsOf: folder + "/empty.safetensors") == Checkpoint())
    }
  }

  @Test func `the order of insertion leaves no trace`() throws {
    var other = Checkpoint()
    for entry in sample.tensors.reversed() { other.tensors.append(entry) }
    var expected = sample
    for number in 0..<50 {
      expected.metadata["key \(number)"] = "\(number)"
      other.metadata["key \(49 - number)"] = "\(49 - number)"
    }
    other.metadata["nnc.model"] = sample.metadata["nnc.model"]
    #expect(try other.bytes() == expected.bytes())
    #expect(try other.digest() == expected.digest())
  }

  @Test func `names are ordered by their bytes`() throws {
    // Swift would put the composed letter before "z".
    let names = ["", "B", "a", "a.10", "a.2", "z", "é"]
    let checkpoint = Checkpoint(tensors: names.reversed().map { .init($0, Tensor([1], [0])) })
    try withTemporaryFolder { folder in
      try checkpoint.write(to: folder + "/names.safetensors")
      let reader = try CheckpointReader(folder + "/names.safetensors")
      #expect(reader.header.entries.map(\.name) == names)
    }
  }

  @Test(arguments: 0..<9)
  func `the data begins at a multiple of eight`(_ length: Int) throws {
    let key = String(repeating: "k", count: length)
    let bytes = try Checkpoint(
      tensors: [.init("w", Tensor([1], [1]))], metadata: [key: ""]
    ).bytes()
    #expect((bytes.count - 4).isMultiple(of: 8))
    #expect(Int(bytes[0]) == bytes.count - 12)
  }

  @Test func `writing tells the digest of the file`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/best.safetensors"
      let digest = try sample.write(to: path)
      #expect(try digest == ContentDigest(ofFile: path))
      #expect(try digest == sample.digest())
      #expect(try digest == ContentDigest(of: contents(of: path)))
    }
  }

  static let unwritable: [(Checkpoint, CheckpointError.UnwritableReason)] = [
    (
      Checkpoint(tensors: [
        .init("w", Tensor([1], [1])), .init("v", Tensor([1], [1])), .init("w", Tensor([1], [2])),
      ]), .duplicateName("w")
    ),
    (Checkpoint(tensors: [.init("__metadata__", Tensor([1], [1]))]), .reservedName),
  ]

  @Test(arguments: unwritable)
  func `what no file can hold is not written`(
    _ checkpoint: Checkpoint, _ reason: CheckpointError.UnwritableReason
  ) throws {
    try withTemporaryFolder { folder in
      let path = folder + "/best.safetensors"
      #expect(throws: CheckpointError.unwritable(path: path, reason)) {
        try checkpoint.write(to: path)
      }
      let left = try names(in: folder)
      #expect(left == [])
    }
  }

  @Test func `a header that no reader would take is not written`() throws {
    let kilobyte = String(repeating: " ", count: 1000)
    let checkpoint = Checkpoint(metadata: ["a": String(repeating: kilobyte, count: 100_000)])
    #expect(
      throws: CheckpointError.unwritable(
        path: "the checkpoint", .headerTooLong(byteCount: 100_000_001))
    ) { try checkpoint.digest() }
  }

  @Test func `a tensor is read by its name without reading the others`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/best.safetensors"
      try sample.write(to: path)
      let reader = try CheckpointReader(path)
      #expect(try reader.tensor(named: "dense_1.bias") == sample["dense_1.bias"])
      #expect(throws: CheckpointError.missingTensor(path: path, name: "dense_9.bias")) {
        try reader.tensor(named: "dense_9.bias")
      }
    }
  }

  @Test func `metadata has named keys`() {
    var checkpoint = Checkpoint()
    checkpoint[.seed] = "7"
    #expect(checkpoint.metadata == ["nnc.seed": "7"])
    #expect(checkpoint[.step] == nil)
  }
}

func zeros(_ count: Int) -> [UInt8] {
  [UInt8](repeating: 0, count: count)
}
