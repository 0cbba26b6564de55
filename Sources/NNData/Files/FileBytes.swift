// A whole file without a copy of it, for readers that take single places of it.
#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

import NNTensor

/// The bytes of a file: mapped, or in memory where they had to be made, such as decompressed ones.
///
/// A file of data is not written to while it is trained on; see ``FileMapping``.
package struct FileBytes: Sendable {
  private enum Storage: Sendable {
    case owned([UInt8])
    case mapped(FileMapping)
  }

  private let storage: Storage

  package init(_ bytes: [UInt8]) { storage = .owned(bytes) }

  /// Maps a regular file.
  package init(mapping path: String) throws(FileProblem) {
    let descriptor = try openForReading(path)
    defer { close(descriptor.number) }
    guard descriptor.byteCount > 0 else {
      storage = .owned([])
      return
    }
    guard let mapping = FileMapping(descriptor.number, byteCount: descriptor.byteCount) else {
      throw fileProblem(errno)
    }
    storage = .mapped(mapping)
  }

  package var count: Int {
    switch storage {
    case .owned(let bytes): bytes.count
    case .mapped(let mapping): mapping.byteCount
    }
  }

  package func withBytes<Result>(
    _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    switch storage {
    case .owned(let bytes): try bytes.withUnsafeBytes(body)
    case .mapped(let mapping): try mapping.withBytes(body)
    }
  }
}

extension FileBytes {
  /// A copy of some bytes; nil where they are not all there.
  func copy(_ range: Range<Int>) -> [UInt8]? {
    guard range.lowerBound >= 0, range.upperBound <= count else { return nil }
    return withBytes { Array($0[range]) }
  }
}

/// A whole number at a place of some bytes, the least significant byte first; nil where they end
/// before it does.
func littleEndian<Number: FixedWidthInteger>(
  _: Number.Type = Number.self, _ bytes: [UInt8], at place: Int
) -> Number? {
  let size = MemoryLayout<Number>.size
  guard place >= 0, size <= bytes.count, place <= bytes.count - size else { return nil }
  return bytes[place..<place + size].reversed().reduce(0) { number, byte in
    number << 8 | Number(truncatingIfNeeded: byte)
  }
}
