import NNCheckpoint
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct CheckpointMessageTests {
  static let messages: [(CheckpointError, String)] = [
    (
      .malformed(
        path: "best.safetensors",
        .truncated(tensor: "dense_1.weight", named: 4096, present: 1024)),
      """
      'best.safetensors' ends in the middle of 'dense_1.weight': 4,096 bytes are named, 1,024 are \
      there; copy the file again
      """
    ),
    (
      .malformed(path: "a.safetensors", .unknownType(tensor: "w", type: "F8_E4M3")),
      """
      'w' in 'a.safetensors' has elements of type 'F8_E4M3'; nnc reads F32, F16, BF16, F64, I32, \
      I64, I16, U16, I8, U8, BOOL, so convert the tensor first
      """
    ),
    (
      .malformed(path: "a.safetensors", .unknownField(tensor: "w", field: "strides")),
      """
      the entry of 'w' in 'a.safetensors' has a field 'strides'; the format knows 'dtype', \
      'shape', 'data_offsets' alone
      """
    ),
    (
      .malformed(path: "a.png", .headerTooLong(byteCount: 0x0A1A_0A0D_474E_5089)),
      """
      'a.png' is no checkpoint: its first 8 bytes name a header of 727,905,341,920,923,785 bytes, \
      the most is 100,000,000; give a safetensors file
      """
    ),
    (
      .refused(.write, path: "runs/iris/1/best.safetensors", code: ENOSPC),
      """
      'runs/iris/1/best.safetensors' cannot be written: the disk is full; free some space and \
      start again
      """
    ),
    (
      .refused(.createFolder, path: "/usr/runs", code: EACCES),
      "'/usr/runs' cannot be created: permission denied; choose a folder you may write to"
    ),
    (
      .refused(.write, path: "x", code: EROFS),
      "'x' cannot be written: its disk is read-only; choose a folder you may write to"
    ),
    (.refused(.open, path: "x", code: ENOENT), "there is no 'x'; check the path"),
    (
      .refused(.read, path: "x", code: EIO), "'x' cannot be read: Input/output error (errno 5)"
    ),
    (
      .wrongKind(path: "runs", expected: .folder),
      "'runs' is a file where a folder is needed; remove it or choose another folder"
    ),
    (
      .missingTensor(path: "a\u{1B}[2J", name: String(repeating: "n", count: 1000)),
      """
      'a\\u{1b}[2J' has no tensor '\(String(repeating: "n", count: 120))…'; it was written for \
      another model, so train again or give the model file it belongs to
      """
    ),
  ]

  @Test(arguments: messages)
  func `an error says the rule, the place and the way out`(
    _ error: CheckpointError, _ message: String
  ) {
    #expect(error.message == message)
  }
}

@Suite struct ContentDigestTests {
  static let known: [(String, String)] = [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
  ]

  @Test(arguments: known)
  func `a digest is the SHA-256 in lower-case digits`(_ text: String, _ digest: String) throws {
    #expect(ContentDigest(of: text).hexadecimal == digest)
    #expect(ContentDigest(of: Array(text.utf8)) == ContentDigest(hexadecimal: digest))
    try withTemporaryFolder { folder in
      try put(Array(text.utf8), in: folder + "/data")
      #expect(try ContentDigest(ofFile: folder + "/data").description == digest)
    }
  }

  @Test func `a file of several pieces has the digest of the whole`() throws {
    let bytes = (0..<2_500_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try withTemporaryFolder { folder in
      try put(bytes, in: folder + "/data")
      #expect(try ContentDigest(ofFile: folder + "/data") == ContentDigest(of: bytes))
    }
  }

  static let badDigests = [
    "", "abc", String(repeating: "0", count: 63), String(repeating: "G", count: 64),
    String(repeating: "A", count: 64),
  ]

  @Test(arguments: badDigests)
  func `a text that is no digest is not taken for one`(_ text: String) {
    #expect(ContentDigest(hexadecimal: text) == nil)
  }
}
