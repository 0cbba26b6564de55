// The one place that talks to the file system. It only reads, and only regular files: a pipe
// could block forever, and a device might never end.

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A regular file that is open for reading; whoever opened it closes it.
struct OpenFile {
  let number: Int32
  /// As it was when it was opened.
  let byteCount: Int
}

/// Opens a regular file.
func openForReading(_ path: String) throws(FileProblem) -> OpenFile {
  // Without O_NONBLOCK the opening of a pipe nobody writes to would not return.
  let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
  guard descriptor >= 0 else { throw fileProblem(errno) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else {
    let number = errno
    close(descriptor)
    throw fileProblem(number)
  }
  switch status.st_mode & S_IFMT {
  case S_IFREG: return OpenFile(number: descriptor, byteCount: Int(status.st_size))
  case S_IFDIR:
    close(descriptor)
    throw .isFolder
  default:
    close(descriptor)
    throw .notRegular
  }
}

/// Reads bytes of a file from its beginning, at most so many, and tells whether they are all.
func readFile(
  _ path: String, limit: Int = .max
) throws(FileProblem) -> (bytes: [UInt8], isWhole: Bool) {
  let file = try openForReading(path)
  let descriptor = file.number
  defer { close(descriptor) }
  let size = file.byteCount
  let wanted = min(size, limit)
  var failure: Int32 = 0
  let bytes = [UInt8](unsafeUninitializedCapacity: max(wanted, 1)) { buffer, count in
    guard let base = buffer.baseAddress else { return }
    while count < wanted {
      let got = read(descriptor, base + count, wanted - count)
      if got < 0 {
        if errno == EINTR { continue }
        failure = errno
        return
      }
      if got == 0 { return }
      count += got
    }
  }
  if failure != 0 { throw fileProblem(failure) }
  return (bytes, wanted == size)
}

/// How many bytes a file has; nil where there is none.
func sizeOfFile(_ path: String) -> Int? {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : nil
}

/// The names in a folder, sorted; nil where it cannot be listed.
func listFolder(_ path: String) -> [String]? {
  guard let folder = opendir(path.isEmpty ? "." : path) else { return nil }
  defer { closedir(folder) }
  var names: [String] = []
  while let entry = readdir(folder) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
      name.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: name.pointee)) {
        String(cString: $0)
      }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// What an error of the system means.
func fileProblem(_ number: Int32) -> FileProblem {
  switch number {
  case ENOENT, ENOTDIR: return .notFound
  case EISDIR: return .isFolder
  default: return .unreadable(reason: strerror(number).map { String(cString: $0) } ?? "\(number)")
  }
}

func closeFile(_ file: OpenFile) { close(file.number) }
