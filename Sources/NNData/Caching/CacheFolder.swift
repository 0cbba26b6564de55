#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Where prepared data is kept.
package enum CacheFolder {
  /// `NNC_CACHE`, else nnc's part of the folder that the XDG Base Directory Specification has for
  /// what can be made again.
  package static var path: String {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let own = variable("NNC_CACHE") { return own }
    if let shared = variable("XDG_CACHE_HOME"), shared.hasPrefix("/") { return shared + "/nnc" }
    return variable("HOME").map { $0 + "/.cache/nnc" } ?? "/tmp/nnc-\(getuid())"
  }

  /// Its path, after it was made where it was missing.
  package static func made() throws(StorageProblem) -> String {
    let path = path
    var made = path.hasPrefix("/") ? "" : "."
    for part in path.split(separator: "/") {
      made += "/" + part
      guard mkdir(made, 0o777) != 0, errno != EEXIST else { continue }
      var status = stat()
      let number = errno
      // A folder that is there may refuse to be made for another reason, such as a read-only disk.
      guard stat(made, &status) == 0 else { throw StorageProblem(path, number) }
    }
    return path
  }
}
