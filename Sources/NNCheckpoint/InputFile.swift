#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

import NNTensor

/// A regular file open for reading.
struct InputFile: ~Copyable, Sendable {
  let path: String
  /// As it was when the file was opened.
  let byteCount: Int
  private let descriptor: CInt

  init(_ path: String) throws(CheckpointError) {
    // A zero would end the path for the system but not for the message.
    guard !path.utf8.contains(0) else { throw .refused(.open, path: path, code: ENOENT) }
    // Opening must not wait for the writer of a pipe.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .refused(.open, path: path, code: errno) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .refused(.open, path: path, code: code)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .wrongKind(path: path, expected: .file)
    }
    self.path = path
    self.byteCount = Int(status.st_size)
    self.descriptor = descriptor
  }

  deinit { close(descriptor) }

  /// Some bytes, all of which must be there.
  func bytes(_ count: Int, at offset: Int) throws(CheckpointError) -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled throws(CheckpointError) in
      try read(into: UnsafeMutableRawBufferPointer(buffer), count, at: offset)
      filled = count
    }
  }

  /// The whole file as memory; it must not be empty.
  func mapped() throws(CheckpointError) -> FileMapping {
    guard let mapping = FileMapping(descriptor, byteCount: byteCount) else {
      throw .refused(.read, path: path, code: errno)
    }
    return mapping
  }

  /// Fills the first bytes of a buffer, all of them.
  private func read(
    into buffer: UnsafeMutableRawBufferPointer, _ byteCount: Int, at offset: Int
  ) throws(CheckpointError) {
    var filled = 0
    while filled < byteCount {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<byteCount])
      let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset + filled))
      if count < 0 {
        if errno == EINTR { continue }
        throw .refused(.read, path: path, code: errno)
      }
      guard count > 0 else { throw .malformed(path: path, .changedWhileReading) }
      filled += count
    }
  }
}
