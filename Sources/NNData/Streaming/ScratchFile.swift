// A file for what does not fit into memory. It has no name, so that it is gone with the process
// however that ends.
import NNDiagnostics
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Bytes that are written once, one behind the other, and read anywhere by any thread.
package final class ScratchFile: Sendable {
  private let descriptor: Int32
  /// What messages call it.
  private let path: String
  private let end = Mutex(0)

  /// Makes a file without a name.
  package init(in folder: CacheFolder) throws(StorageProblem) {
    try folder.make()
    path = folder.path
    // Made under a name and taken off it at once: not every file system has O_TMPFILE.
    var template = Array("\(path)/scratch-XXXXXX".utf8CString)
    let number = mkstemp(&template)
    guard number >= 0 else { throw StorageProblem(path, errno) }
    _ = fcntl(number, F_SETFD, FD_CLOEXEC)
    unlink(template)
    descriptor = number
  }

  /// Opens a file that was kept.
  package init(reading path: String) throws(StorageProblem) {
    let number = open(path, O_RDONLY | O_CLOEXEC)
    guard number >= 0 else { throw StorageProblem(path, errno) }
    descriptor = number
    self.path = path
    var status = stat()
    guard fstat(number, &status) == 0 else { throw StorageProblem(path, errno) }
    end.withLock { $0 = Int(status.st_size) }
  }

  /// Makes a file under a name where none may be.
  package init(creating path: String) throws(StorageProblem) {
    let number = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard number >= 0 else { throw StorageProblem(path, errno) }
    descriptor = number
    self.path = path
  }

  deinit { close(descriptor) }

  /// How many bytes it holds.
  package var byteCount: Int { end.withLock { $0 } }

  /// Writes bytes behind all others.
  package func append(_ bytes: UnsafeRawBufferPointer) throws(StorageProblem) {
    let start = end.withLock { end in
      defer { end += bytes.count }
      return end
    }
    var written = 0
    while written < bytes.count {
      let count = pwrite(
        descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written, start + written)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw StorageProblem(path, count == 0 ? ENOSPC : errno) }
      written += count
    }
  }

  /// Reads bytes that are all there.
  package func read(
    _ bytes: UnsafeMutableRawBufferPointer, at offset: Int
  ) throws(StorageProblem) {
    var done = 0
    while done < bytes.count {
      let count = pread(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, offset + done)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { throw StorageProblem(path, count == 0 ? EIO : errno) }
      done += count
    }
  }

  /// Waits until all of it is on the disk.
  package func synchronize() throws(StorageProblem) {
    guard fsync(descriptor) == 0 else { throw StorageProblem(path, errno) }
  }
}

/// Why prepared data cannot be kept on the disk, or read back.
package struct StorageProblem: Error, Equatable {
  package let path: String
  package let reason: String

  package init(_ path: String, _ number: Int32) {
    self.path = path
    reason = strerror(number).map { String(cString: $0) } ?? "error \(number)"
  }

  package init(_ path: String, reason: String) {
    self.path = path
    self.reason = reason
  }

  package var message: String { "prepared data cannot be kept in '\(path)': \(reason)" }
  package static let help = """
    Data beyond data.memory is kept on the disk while it is trained on; NNC_CACHE names another \
    folder.
    """
}
