#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A file open for writing.
struct OutputFile: ~Copyable {
  /// What messages call the file, which may not be the name it has while it is written.
  private let path: String
  /// Where the file is.
  let location: String
  private let descriptor: CInt
  /// Small pieces, such as biases, which go to the system together.
  private var pending: [UInt8] = []

  /// Opens a file with the flags of `open` given, beside `O_WRONLY`.
  private init(_ path: String, at location: String, flags: CInt) throws(CheckpointError) {
    guard !location.utf8.contains(0) else { throw .refused(.write, path: path, code: ENOENT) }
    let descriptor = open(location, O_WRONLY | O_CLOEXEC | flags, 0o666)
    guard descriptor >= 0 else { throw .refused(.write, path: path, code: errno) }
    self.path = path
    self.location = location
    self.descriptor = descriptor
  }

  /// Makes a file where none may be.
  init(creating location: String, for path: String) throws(CheckpointError) {
    try self.init(path, at: location, flags: O_CREAT | O_EXCL)
  }

  /// Opens a file at its end, and makes it if there is none.
  init(appendingTo path: String) throws(CheckpointError) {
    try self.init(path, at: path, flags: O_CREAT | O_APPEND)
  }

  deinit { close(descriptor) }

  mutating func write(_ bytes: RawSpan) throws(CheckpointError) {
    let limit = 1 << 16
    if pending.count + bytes.byteCount > limit { try flush() }
    guard bytes.byteCount <= limit else { return try writeNow(bytes) }
    bytes.withUnsafeBytes { pending.append(contentsOf: $0) }
  }

  /// Hands over what is pending, in one call unless the system takes less.
  mutating func flush() throws(CheckpointError) {
    try writeNow(pending.span.bytes)
    pending.removeAll(keepingCapacity: true)
  }

  /// Waits until all of it is on the disk.
  mutating func finish() throws(CheckpointError) {
    try flush()
    guard fsync(descriptor) == 0 else { throw .refused(.write, path: path, code: errno) }
  }

  /// Takes over the permissions of a file.
  func copyPermissions(of path: String) {
    var status = stat()
    // Only a wish: a disk without permissions has none to take over.
    if stat(path, &status) == 0 { _ = fchmod(descriptor, status.st_mode & 0o7777) }
  }

  private func writeNow(_ bytes: RawSpan) throws(CheckpointError) {
    let path = path
    let descriptor = descriptor
    try bytes.withUnsafeBytes { buffer throws(CheckpointError) in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        // The name in scope would be this type's method.
        let count = systemWrite(descriptor, rest.baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw .refused(.write, path: path, code: errno)
        }
        written += count
      }
    }
  }
}

private func systemWrite(_ descriptor: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}
