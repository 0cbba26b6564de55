// Reads gzip (RFC 1952) through zlib, which checks the length and the checksum of each member.
import CZlib

/// The most that a compressed file may hold: a small file can claim to hold terabytes.
let decompressionLimit = 8 << 30

/// Decompresses the members of a gzip file, one after the other. Of a prefix of a file, what can
/// be decompressed is the result, and the early end no problem.
func gunzip(
  _ bytes: [UInt8], limit: Int = decompressionLimit, isPrefix: Bool = false
) throws(FileProblem) -> [UInt8] {
  guard bytes.count >= 2, bytes[0] == 0x1f, bytes[1] == 0x8b else { throw .notGzip }
  let result = bytes.withUnsafeBufferPointer { inflated($0, limit: limit, isPrefix: isPrefix) }
  return try result.get()
}

private func inflated(
  _ input: UnsafeBufferPointer<UInt8>, limit: Int, isPrefix: Bool
) -> Result<[UInt8], FileProblem> {
  var stream = z_stream()
  // 16 asks for the gzip format, 15 is its largest window.
  let version = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
  guard version == Z_OK else { return .failure(.corruptGzip(reason: "zlib does not start")) }
  defer { inflateEnd(&stream) }

  var output = [UInt8]()
  output.reserveCapacity(min(expectedSize(input), limit))
  var chunk = [UInt8](repeating: 0, count: 1 << 18)
  var consumed = 0
  while consumed < input.count {
    let available = min(input.count - consumed, 1 << 30)
    stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress.map { $0 + consumed })
    stream.avail_in = UInt32(available)
    let (status, produced) = chunk.withUnsafeMutableBufferPointer { buffer in
      stream.next_out = buffer.baseAddress
      stream.avail_out = UInt32(buffer.count)
      let status = inflate(&stream, Z_NO_FLUSH)
      return (status, buffer.count - Int(stream.avail_out))
    }
    consumed += available - Int(stream.avail_in)
    if output.count + produced > limit { return .failure(.tooLarge(limit: limit)) }
    output.append(contentsOf: chunk[..<produced])
    switch status {
    case Z_OK:
      continue
    case Z_BUF_ERROR where produced == 0:
      return isPrefix ? .success(output) : .failure(.truncatedGzip)
    case Z_BUF_ERROR:
      continue
    case Z_STREAM_END:
      let rest = input[consumed...]
      // Padding with zeros comes from tapes and block devices and means nothing.
      if rest.allSatisfy({ $0 == 0 }) { return .success(output) }
      guard rest.first == 0x1f else {
        return .failure(.corruptGzip(reason: "something else follows the compressed data"))
      }
      inflateReset(&stream)
    default:
      let reason = stream.msg.map { String(cString: $0) } ?? "zlib error \(status)"
      return .failure(.corruptGzip(reason: reason))
    }
  }
  // The input ended but the member did not; zlib may still hold output of the last bytes, but
  // without the trailer nothing says that it is right.
  return isPrefix ? .success(output) : .failure(.truncatedGzip)
}

/// What the trailer of the last member says its size is, bounded by what deflate can reach.
private func expectedSize(_ input: UnsafeBufferPointer<UInt8>) -> Int {
  guard input.count >= 18 else { return 0 }
  var size = 0
  for byte in input[(input.count - 4)...].reversed() { size = size << 8 | Int(byte) }
  return min(size, input.count * 1032)
}
