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
    self.byteCount = byteCount
    if byteCount >= TensorBuffer.leastLarge, let pages = TensorBuffer.pages(byteCount) {
      base = pages
      mappedBytes = TensorBuffer.wholePages(byteCount)
    } else {
      let size = max(byteCount, TensorBuffer.alignment)
      base = .allocate(byteCount: size, alignment: TensorBuffer.alignment)
      base.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      mappedBytes = 0
    }
  }

  /// Zero for memory that was allocated.
  private let mappedBytes: Int

  /// Memory that the system gives, already zero, page by page when it is first touched.
  ///
  /// The rows of a large matrix lie on a page each, and there are more of them than the processor
  /// remembers addresses of small pages, so it begins on a large page and asks for more of them. That
  /// is only advice; without large pages nothing changes.
  private static func pages(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let size = wholePages(byteCount)
    let mapped = mmap(
      nil, size + largePage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    guard let start = mapped, start != MAP_FAILED else { return nil }
    let skipped = -Int(bitPattern: start) & (largePage - 1)
    if skipped > 0 { munmap(start, skipped) }
    munmap(start + skipped + size, largePage - skipped)
    madvise(start + skipped, size, MADV_HUGEPAGE)
    return start + skipped
  }

  private static func wholePages(_ byteCount: Int) -> Int {
    (byteCount + largePage - 1) / largePage * largePage
  }

  package init(elementCount: Int) {
    self.init(byteCount: elementCount * 4)
  }

  deinit {
    if mappedBytes > 0 { munmap(base, mappedBytes) } else { base.deallocate() }
  }

  /// The elements from a byte offset on.
  package func floats(atByte offset: Int = 0) -> UnsafeMutablePointer<Float> {
    (base + offset).assumingMemoryBound(to: Float.self)
  }

  /// Bytes rounded up so that what follows is aligned again.
  package static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
