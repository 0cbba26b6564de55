import Glibc

/// Owns zero-filled memory for four-byte elements, aligned for the widest vectors.
package struct TensorBuffer: ~Copyable, @unchecked Sendable {
  /// Bytes every buffer and every value inside one is aligned to.
  package static let alignment = 64

  /// Bytes of a large page, and of the buffers that are worth some.
  private static let largePage = 1 << 21
  private static let leastLarge = 1 << 22

  package let base: UnsafeMutableRawPointer
  package let byteCount: Int

  package init(byteCount: Int) {
    let size = max(byteCount, TensorBuffer.alignment)
    let isLarge = size >= TensorBuffer.leastLarge
    base = .allocate(
      byteCount: size, alignment: isLarge ? TensorBuffer.largePage : TensorBuffer.alignment)
    // The rows of a large matrix lie on a page each, and there are more of them than the processor
    // remembers addresses of small pages. It is only advice; without large pages nothing changes.
    if isLarge { madvise(base, size, MADV_HUGEPAGE) }
    base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    self.byteCount = byteCount
  }

  package init(elementCount: Int) {
    self.init(byteCount: elementCount * 4)
  }

  deinit { base.deallocate() }

  /// The elements from a byte offset on.
  package func floats(atByte offset: Int = 0) -> UnsafeMutablePointer<Float> {
    (base + offset).assumingMemoryBound(to: Float.self)
  }

  /// Bytes rounded up so that what follows is aligned again.
  package static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
