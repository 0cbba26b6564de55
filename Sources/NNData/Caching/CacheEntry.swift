// Prepared samples that were kept: a folder of the cache, named by the digest of all that they follow
// from.
import NNJSON

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

package struct CacheEntry: Sendable, Equatable {
  /// The digest of the content of all files and of everything that is declared about them.
  package let key: String
  /// Whose data it is, for people.
  package let title: String
  package let folder: CacheFolder

  package init(key: String, title: String, in folder: CacheFolder) {
    self.key = key
    self.title = title
    self.folder = folder
  }

  var path: String { folder.path + "/" + key }
}

/// What the cache holds under a key, for people.
package struct CacheListing: Sendable, Equatable {
  package let key: String
  package let title: String
  package let samples: Int
  package let bytes: Int
  /// Seconds since 1970 when it was last made or taken.
  package let usedAt: Int
}

extension CacheFolder {
  /// What is kept, the last used first.
  package func entries() -> [CacheListing] {
    (listFolder(path) ?? []).filter(CacheFolder.isKey).compactMap { key in
      let folder = path + "/" + key
      guard let about = CacheFolder.about(folder) else { return nil }
      let files = listFolder(folder) ?? []
      var status = stat()
      let usedAt = stat(folder + "/about.json", &status) == 0 ? status.st_mtim.tv_sec : 0
      let counts = about["parts"]?.members?.compactMap { $0.value["count"]?.integerValue } ?? []
      return CacheListing(
        key: key, title: about["title"]?.stringValue ?? "",
        samples: counts.reduce(0) { $0 + Int($1) },
        bytes: files.reduce(0) { $0 + (sizeOfFile(folder + "/" + $1) ?? 0) }, usedAt: usedAt)
    }.sorted { ($0.usedAt, $1.key) > ($1.usedAt, $0.key) }
  }

  /// Removes what is kept under a key; false where there is nothing.
  package func remove(_ key: String) -> Bool {
    guard CacheFolder.isKey(key), let files = listFolder(path + "/" + key) else { return false }
    for file in files { unlink(path + "/" + key + "/" + file) }
    return rmdir(path + "/" + key) == 0
  }

  /// Removes what processes left behind that were stopped while they wrote.
  package func removeLeftovers() {
    for name in listFolder(path) ?? [] where name.hasPrefix("making-") {
      let own = name.split(separator: "-").dropFirst().first.flatMap { Int32($0) }
      // A process that still runs is still writing.
      if let own, kill(own, 0) == 0 || errno == EPERM { continue }
      for file in listFolder(path + "/" + name) ?? [] { unlink(path + "/" + name + "/" + file) }
      rmdir(path + "/" + name)
    }
  }

  private static func isKey(_ name: String) -> Bool {
    name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
  }

  /// What an entry says of itself; nil where it is none.
  static func about(_ folder: String) -> JSONValue? {
    guard let file = try? readFile(folder + "/about.json") else { return nil }
    return try? JSONValue.parse(file.bytes)
  }
}
