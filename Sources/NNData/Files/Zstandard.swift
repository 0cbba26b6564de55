// Reads Zstandard (RFC 8878) through its library, which checks the sums of frames that have one.
import CZstd

/// Decompresses the frames of a file, one after the other. Of a prefix of a file, what can be
/// decompressed is the result, and the early end no problem.
func unzstd(
  _ bytes: [UInt8], limit: Int = decompressionLimit, isPrefix: Bool = false
) throws(FileProblem) -> [UInt8] {
  guard let magic = littleEndian(UInt32.self, bytes, at: 0),
    magic == ZSTD_MAGICNUMBER || magic & ZSTD_MAGIC_SKIPPABLE_MASK == ZSTD_MAGIC_SKIPPABLE_START
  else { throw .zstd(reason: "it ends in .zst but is not compressed with zstd") }
  let result = bytes.withUnsafeBytes { decompressed($0, limit: limit, isPrefix: isPrefix) }
  return try result.get()
}

private func decompressed(
  _ input: UnsafeRawBufferPointer, limit: Int, isPrefix: Bool
) -> Result<[UInt8], FileProblem> {
  guard let stream = ZSTD_createDStream() else {
    return .failure(.zstd(reason: "zstd does not start"))
  }
  defer { ZSTD_freeDStream(stream) }
  var output: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: ZSTD_DStreamOutSize())
  var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
  var isAtEnd = false
  while true {
    let before = source.pos
    let (status, produced) = chunk.withUnsafeMutableBytes { buffer in
      var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
      let status = ZSTD_decompressStream(stream, &target, &source)
      return (status, target.pos)
    }
    guard ZSTD_isError(status) == 0 else {
      let reason = ZSTD_getErrorName(status).map { String(cString: $0) } ?? "zstd error"
      return .failure(.zstd(reason: reason))
    }
    if output.count + produced > limit { return .failure(.tooLarge(limit: limit)) }
    output.append(contentsOf: chunk[..<produced])
    isAtEnd = status == 0
    if source.pos == input.count, isAtEnd || produced < chunk.count {
      return isAtEnd || isPrefix
        ? .success(output) : .failure(.zstd(reason: "the compressed data ends too early"))
    }
    // The library always moves on; a step that does not would never end.
    guard source.pos > before || produced > 0 else {
      return .failure(.zstd(reason: "the compressed data is damaged"))
    }
  }
}
