#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Writing files so that a name has either its old content or all of the new, whenever the
/// machine stops.
package enum AtomicFile {
  /// Puts a text under a name.
  package static func write(_ text: String, to path: String) throws(CheckpointError) {
    try write(Array(text.utf8), to: path)
  }

  /// Puts lines under a name, which are asked for one after the other.
  package static func write(
    lines: some Sequence<String>, to path: String
  ) throws(CheckpointError) {
    try write(to: path) { file throws(CheckpointError) in
      for line in lines { try file.write(Array((line + "\n").utf8).span.bytes) }
    }
  }

  /// Puts some bytes under a name.
  package static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
    try write(to: path) { file throws(CheckpointError) in try file.write(bytes.span.bytes) }
  }

  /// Writes beside the name, waits for the disk, and renames.
  ///
  /// A file that is replaced keeps its permissions, and a link to it stays a link.
  static func write(
    to path: String, _ body: (inout OutputFile) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let target = try replaceable(path)
    let folder = self.folder(of: target)
    var file = try temporary(in: folder, for: path)
    let location = file.location
    do throws(CheckpointError) {
      file.copyPermissions(of: target)
      try body(&file)
      try file.finish()
      guard rename(location, target) == 0 else {
        throw .refused(.write, path: path, code: errno)
      }
    } catch {
      unlink(location)
      throw error
    }
    try synchronize(folder, for: path)
  }

  /// Where the file behind a path is, or will be.
  private static func replaceable(_ path: String) throws(CheckpointError) -> String {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .refused(.write, path: path, code: ENOENT)
    }
    guard let resolved = realpath(path, nil) else {
      guard errno == ENOENT else { throw .refused(.write, path: path, code: errno) }
      return path
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    var status = stat()
    guard stat(target, &status) == 0 else { throw .refused(.write, path: path, code: errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .refused(.write, path: path, code: EISDIR)
    default: throw .wrongKind(path: path, expected: .file)
    }
    // Renaming asks for no right to the file itself; who protected it meant to keep it.
    guard access(target, W_OK) == 0 else { throw .refused(.write, path: path, code: errno) }
    return target
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes a file that no other process, thread or crash before has made.
  private static func temporary(
    in folder: String, for path: String
  ) throws(CheckpointError) -> OutputFile {
    var number = 0
    while true {
      // The name does not contain the target's, which may be as long as a name can be.
      let location = "\(folder)/.nnc-\(getpid())-\(number).tmp"
      do throws(CheckpointError) {
        return try OutputFile(creating: location, for: path)
      } catch .refused(_, _, EEXIST) {
        number += 1
      }
    }
  }

  /// Waits until the folder's new entry is on the disk.
  private static func synchronize(_ folder: String, for path: String) throws(CheckpointError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    // A folder that may be written but not read cannot be waited for.
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    // Some file systems keep folders in order by themselves and refuse to be asked.
    guard fsync(descriptor) == 0 || errno == EINVAL || errno == ENOTSUP else {
      throw .refused(.write, path: path, code: errno)
    }
  }
}
