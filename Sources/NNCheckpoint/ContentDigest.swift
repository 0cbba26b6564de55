internal import Crypto

/// The SHA-256 of some bytes.
package struct ContentDigest: Hashable, Sendable, CustomStringConvertible {
  /// 64 lower-case digits.
  package let hexadecimal: String

  package var description: String { hexadecimal }

  /// The digest of bytes in memory.
  package init(of bytes: [UInt8]) {
    var hasher = ContentHasher()
    hasher.update(bytes.span.bytes)
    self = hasher.finish()
  }

  /// The digest of a text's UTF-8.
  package init(of text: String) {
    self.init(of: Array(text.utf8))
  }

  /// The digest of a file, read piece by piece.
  package init(ofFile path: String) throws(CheckpointError) {
    let file = try InputFile(path)
    var hasher = ContentHasher()
    let chunk = 1 << 20
    for offset in stride(from: 0, to: file.byteCount, by: chunk) {
      let bytes = try file.bytes(min(chunk, file.byteCount - offset), at: offset)
      hasher.update(bytes.span.bytes)
    }
    self = hasher.finish()
  }

  /// A digest written down before, such as in a lock file; nil if the text is not one.
  package init?(hexadecimal: String) {
    let isDigit = { (byte: UInt8) in
      (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
    guard hexadecimal.utf8.count == 64, hexadecimal.utf8.allSatisfy(isDigit) else { return nil }
    self.hexadecimal = hexadecimal
  }

  fileprivate init(_ bytes: some Sequence<UInt8>) {
    hexadecimal = bytes.reduce(into: "") { text, byte in
      text += (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
  }
}

/// A digest in the making.
package struct ContentHasher {
  private var state = SHA256()

  package init() {}

  package mutating func update(_ bytes: RawSpan) {
    bytes.withUnsafeBytes { state.update(bufferPointer: $0) }
  }

  package mutating func update(_ bytes: UnsafeRawBufferPointer) {
    state.update(bufferPointer: bytes)
  }

  package mutating func update(_ text: String) { update(Array(text.utf8).span.bytes) }

  package consuming func finish() -> ContentDigest {
    ContentDigest(state.finalize())
  }
}
