import Glibc
import NNData

extension CacheFolder {
  /// `NNC_CACHE`, else nnc's part of the folder that the XDG Base Directory Specification has for what
  /// can be made again.
  static var ofUser: CacheFolder {
    if let own = environment("NNC_CACHE") { return CacheFolder(own) }
    if let shared = environment("XDG_CACHE_HOME"), shared.hasPrefix("/") {
      return CacheFolder(shared + "/nnc")
    }
    return CacheFolder(environment("HOME").map { $0 + "/.cache/nnc" } ?? "/tmp/nnc-\(getuid())")
  }
}
