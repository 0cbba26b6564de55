import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Runs a test with the path of a new folder, which is removed with all it holds afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = try makeTemporaryFolder()
  defer { removeTree(folder) }
  try body(folder)
}

/// The path of a new folder, for tests that wait for others; they remove it themselves.
func makeTemporaryFolder() throws -> String {
  var template = Array("/tmp/nnc-checkpoint-tests.XXXXXX".utf8CString)
  try #require(mkdtemp(&template) != nil)
  return String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
}

/// Removes a file or a folder with all it holds.
func removeTree(_ path: String) {
  var status = stat()
  if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
    for name in (try? names(in: path)) ?? [] { removeTree("\(path)/\(name)") }
  }
  remove(path)
}

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
  let file = try #require(fopen(path, "rb"))
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 4096)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    guard count > 0 else { return bytes }
    bytes += chunk[..<count]
  }
}

/// Makes a file, without the care that `AtomicFile` takes.
func put(_ bytes: [UInt8], in path: String) throws {
  let file = try #require(fopen(path, "wb"))
  defer { fclose(file) }
  try #require(fwrite(bytes, 1, bytes.count, file) == bytes.count)
}

/// The names in a folder, in order.
func names(in folder: String) throws -> [String] {
  let stream = try #require(opendir(folder))
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    names.append(
      withUnsafeBytes(of: entry.pointee.d_name) {
        String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      })
  }
  return names.filter { $0 != "." && $0 != ".." }.sorted()
}
