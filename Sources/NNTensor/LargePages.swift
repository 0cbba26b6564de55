import Glibc

/// Large pages of memory: the processor remembers few addresses of pages, and the system clears and
/// hands out a large one much faster than the five hundred small ones that it replaces.
package enum LargePages {
  package static let byteCount = 1 << 21

  /// Asks for large pages where memory is written that nobody has touched yet.
  ///
  /// That is only advice, for as much of the memory as consists of whole large pages; without them
  /// nothing changes.
  package static func advise(_ memory: UnsafeMutableRawBufferPointer) {
    guard let base = memory.baseAddress, memory.count >= 2 * byteCount else { return }
    let skipped = -Int(bitPattern: base) & (byteCount - 1)
    let size = (memory.count - skipped) / byteCount * byteCount
    madvise(base + skipped, size, MADV_HUGEPAGE)
  }

  package static func advise<Element: BitwiseCopyable>(
    _ memory: UnsafeMutableBufferPointer<Element>
  ) {
    advise(UnsafeMutableRawBufferPointer(memory))
  }
}

extension Array where Element: BitwiseCopyable {
  /// Makes room for elements that are appended later, in large pages where they are many.
  package mutating func reserveLarge(_ count: Int) {
    reserveCapacity(count)
    withUnsafeMutableBytes { memory in
      LargePages.advise(
        UnsafeMutableRawBufferPointer(
          start: memory.baseAddress, count: count * MemoryLayout<Element>.stride))
    }
  }
}
