#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file as memory that nobody writes to.
///
/// Another process that cuts a mapped file short has this one stopped by the system (SIGBUS) where it
/// reads on; whoever maps files that others may write says so beforehand.
package final class FileMapping: @unchecked Sendable {
  private let bytes: UnsafeRawBufferPointer

  /// Maps an open file; nil where the system refuses, which `errno` tells.
  ///
  /// - byteCount: all of its bytes; there is no mapping of nothing.
  package init?(_ descriptor: CInt, byteCount: Int) {
    let start = mmap(nil, byteCount, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let start, start != MAP_FAILED else { return nil }
    bytes = UnsafeRawBufferPointer(start: start, count: byteCount)
  }

  package var byteCount: Int { bytes.count }

  /// Calls `body` with all bytes, which are there until it returns.
  package func withBytes<Result, Failure: Error>(
    _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    defer { withExtendedLifetime(self) {} }
    return try body(bytes)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }
}
