// Decompresses a file that is too large for memory into a file without a name, piece by piece.
import CZlib
import CZstd

enum Unpacking {
  private static let pieceBytes = 1 << 20

  /// How many bytes a compressed file says it holds; 0 where it does not say.
  static func declaredSize(of path: String) throws(FileProblem) -> Int {
    let beginning = try readFile(path, limit: 32).bytes
    if beginning.starts(with: [0x1F, 0x8B]) {
      // The trailer of the last member, RFC 1952.
      guard let content = try? ScratchFile(reading: path), content.byteCount >= 18,
        let trailer = try? content.bytes(content.byteCount - 4..<content.byteCount)
      else { return 0 }
      return littleEndian(UInt32.self, trailer, at: 0).map(Int.init) ?? 0
    }
    let size = beginning.withUnsafeBytes { ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The two largest numbers stand for an error and for not known.
    return size < UInt64.max - 1 ? Int(clamping: size) : 0
  }

  /// Decompresses a file.
  ///
  /// - name: what messages call it; its end says how it is compressed.
  static func unpack(
    _ path: String, name: String, _ storage: DataStorage
  ) throws(StorageProblem) -> ScratchFile {
    let packed = try ScratchFile(reading: path)
    let output = try ScratchFile(in: storage.folder)
    let meter = storage.meter
    meter?.begin("unpacking \(name)", total: packed.byteCount)
    if hasSuffix(name, anyOf: [".zst"]) {
      try unzstd(packed, name, into: output, meter)
    } else {
      try gunzip(packed, name, into: output, meter)
    }
    return output
  }

  private static func append(
    _ chunk: [UInt8], _ count: Int, to output: ScratchFile
  ) throws(StorageProblem) {
    let outcome: Result<Void, StorageProblem> = chunk.withUnsafeBytes { bytes in
      do throws(StorageProblem) {
        return .success(try output.append(.init(rebasing: bytes[..<count])))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }

  private static func gunzip(
    _ packed: ScratchFile, _ name: String, into output: ScratchFile, _ meter: ReadingMeter?
  ) throws(StorageProblem) {
    func damaged(_ problem: FileProblem) -> StorageProblem {
      StorageProblem(name, reason: problem.message(path: name))
    }
    var stream = z_stream()
    let version = inflateInit2_(&stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard version == Z_OK else { throw damaged(.corruptGzip(reason: "zlib does not start")) }
    defer { inflateEnd(&stream) }
    var chunk = [UInt8](repeating: 0, count: pieceBytes)
    var offset = 0
    var isAtEnd = false
    while offset < packed.byteCount {
      var piece = try packed.bytes(offset..<min(offset + pieceBytes, packed.byteCount))
      if isAtEnd {
        // Padding with zeros comes from tapes and block devices and means nothing.
        if piece.allSatisfy({ $0 == 0 }) { return }
        guard piece.first == 0x1F else {
          throw damaged(.corruptGzip(reason: "something else follows the compressed data"))
        }
        inflateReset(&stream)
        isAtEnd = false
      }
      var used = 0
      var isFull = false
      while used < piece.count || isFull, !isAtEnd {
        let (status, produced) = piece.withUnsafeMutableBufferPointer { input in
          chunk.withUnsafeMutableBufferPointer { buffer in
            stream.next_in = input.baseAddress.map { $0 + used }
            stream.avail_in = UInt32(input.count - used)
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            let status = inflate(&stream, Z_NO_FLUSH)
            used = input.count - Int(stream.avail_in)
            return (status, buffer.count - Int(stream.avail_out))
          }
        }
        try append(chunk, produced, to: output)
        isFull = produced == chunk.count
        switch status {
        case Z_OK: continue
        case Z_BUF_ERROR where used == piece.count: continue
        case Z_STREAM_END: isAtEnd = true
        default:
          let reason = stream.msg.map { String(cString: $0) } ?? "zlib error \(status)"
          throw damaged(.corruptGzip(reason: reason))
        }
      }
      offset += used
      meter?.add(used)
    }
    guard isAtEnd else { throw damaged(.truncatedGzip) }
  }

  private static func unzstd(
    _ packed: ScratchFile, _ name: String, into output: ScratchFile, _ meter: ReadingMeter?
  ) throws(StorageProblem) {
    func damaged(_ reason: String) -> StorageProblem {
      StorageProblem(name, reason: FileProblem.zstd(reason: reason).message(path: name))
    }
    guard let stream = ZSTD_createDStream() else { throw damaged("zstd does not start") }
    defer { ZSTD_freeDStream(stream) }
    var chunk = [UInt8](repeating: 0, count: max(ZSTD_DStreamOutSize(), pieceBytes))
    var offset = 0
    var isAtEnd = false
    while offset < packed.byteCount {
      let piece = try packed.bytes(offset..<min(offset + pieceBytes, packed.byteCount))
      var used = 0
      var isFull = false
      while used < piece.count || isFull {
        let (status, produced) = piece.withUnsafeBytes { input in
          chunk.withUnsafeMutableBytes { buffer in
            var source = ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: used)
            var target = ZSTD_outBuffer(dst: buffer.baseAddress, size: buffer.count, pos: 0)
            let status = ZSTD_decompressStream(stream, &target, &source)
            used = source.pos
            return (status, target.pos)
          }
        }
        guard ZSTD_isError(status) == 0 else {
          throw damaged(ZSTD_getErrorName(status).map { String(cString: $0) } ?? "zstd error")
        }
        try append(chunk, produced, to: output)
        isFull = produced == chunk.count
        isAtEnd = status == 0
      }
      offset += piece.count
      meter?.add(piece.count)
    }
    guard isAtEnd else { throw damaged("the compressed data ends too early") }
  }
}
