/// The digest that a checkpoint names of its content: the SHA-256 of its header without it, followed by
/// the SHA-256 of each piece of the data, so that several threads can share the work.
enum ContentSeal {
  /// Bytes of a piece; the last may have fewer.
  static let pieceByteCount = 1 << 24

  /// - Parameters:
  ///   - header: the digest that it may hold does not count.
  ///   - byteCount: of the data.
  ///   - data: calls its second argument with some bytes of the data, in order, span by span.
  /// - Returns: what the metadata names.
  static func digest(
    _ header: CheckpointHeader, byteCount: Int,
    _ data: @Sendable (Range<Int>, (UnsafeRawBufferPointer) -> Void) -> Void
  ) -> ContentDigest {
    let count = (byteCount + pieceByteCount - 1) / pieceByteCount
    let threads = min(processorCount, count)
    let pieces = inParallel(threads) { thread in
      (thread * count / threads..<(thread + 1) * count / threads).map { piece in
        var hasher = ContentHasher()
        let begin = piece * pieceByteCount
        data(begin..<min(begin + pieceByteCount, byteCount)) { hasher.update($0) }
        return hasher.finish()
      }
    }
    var unsealed = header
    unsealed.metadata[.contentDigest] = nil
    var hasher = ContentHasher()
    hasher.update(unsealed.text)
    for piece in pieces.joined() { hasher.update(piece.hexadecimal) }
    return hasher.finish()
  }
}
