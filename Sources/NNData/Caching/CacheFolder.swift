#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A folder for prepared data: files of samples under keys, and files without a name.
package struct CacheFolder: Sendable, Equatable {
  package let path: String

  package init(_ path: String) { self.path = path }

  /// Makes it where it is missing.
  func make() throws(StorageProblem) {
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o777) != 0, errno != EEXIST else { continue }
      var status = stat()
      let number = errno
      // A folder that is there may refuse to be made for another reason, such as a read-only disk.
      guard stat(made, &status) == 0 else { throw StorageProblem(path, number) }
    }
  }
}

/// Where data goes that is too large for memory, and who is told how far reading it is.
package struct DataStorage: Sendable, Equatable {
  package let folder: CacheFolder
  package let meter: ReadingMeter?

  package init(_ folder: CacheFolder, meter: ReadingMeter? = nil) {
    self.folder = folder
    self.meter = meter
  }

  /// A folder that every system has, and nobody is told.
  package static let temporary = DataStorage(CacheFolder("/tmp/nnc"))
}
