#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Making and listing folders.
enum Folder {
  /// Makes a folder, unless something has the name already.
  ///
  /// - Returns: Whether this call made it. Of several callers, one gets true.
  static func create(_ path: String) throws(CheckpointError) -> Bool {
    if mkdir(path, 0o777) == 0 { return true }
    guard errno == EEXIST else { throw .refused(.createFolder, path: path, code: errno) }
    return false
  }

  /// Makes a folder and those above it, as far as they are missing.
  static func ensure(_ path: String) throws(CheckpointError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw .refused(.createFolder, path: path, code: ENOENT)
    }
    var ends = path.indices.filter { path[$0] == "/" && $0 != path.startIndex }
    ends.append(path.endIndex)
    for end in ends {
      let prefix = String(path[..<end])
      if isFolder(prefix) { continue }
      let isNew = try create(prefix)
      // Another process may have been first, with a folder; a file is in the way.
      guard isNew || isFolder(prefix) else { throw .wrongKind(path: prefix, expected: .folder) }
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, in no order.
  static func names(in path: String) throws(CheckpointError) -> [String] {
    guard let stream = opendir(path) else { throw .refused(.list, path: path, code: errno) }
    defer { closedir(stream) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else { break }
      let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != ".", name != ".." { names.append(name) }
    }
    guard errno == 0 else { throw .refused(.list, path: path, code: errno) }
    return names
  }
}
