/// Why a file could not be read.
package enum FileProblem: Error, Equatable {
  case notFound
  case isFolder
  /// A pipe, a socket, a device.
  case notRegular
  case unreadable(reason: String)
  case notGzip
  case truncatedGzip
  case corruptGzip(reason: String)
  case zstd(reason: String)
  /// The decompressed text passes the limit.
  case tooLarge(limit: Int)

  var code: String {
    switch self {
    case .notFound: "file-not-found"
    case .isFolder, .notRegular: "not-a-file"
    case .unreadable: "unreadable-file"
    case .notGzip: "not-gzip"
    case .truncatedGzip: "truncated-gzip"
    case .corruptGzip: "corrupt-gzip"
    case .zstd: "corrupt-zstd"
    case .tooLarge: "file-too-large"
    }
  }

  func message(path: String) -> String {
    switch self {
    case .notFound: "there is no file '\(path)'"
    case .isFolder: "'\(path)' is a folder, not a file"
    case .notRegular: "'\(path)' is a pipe or a device, not a file"
    case .unreadable(let reason): "'\(path)' cannot be read: \(reason)"
    case .notGzip: "'\(path)' ends in .gz but is not compressed with gzip"
    case .truncatedGzip: "'\(path)' is incomplete: the compressed data ends too early"
    case .corruptGzip(let reason): "'\(path)' is damaged: \(reason)"
    case .zstd(let reason): "'\(path)' cannot be decompressed: \(reason)"
    case .tooLarge(let limit):
      "'\(path)' holds more than \(limit >> 20) MiB, the most that is read into memory"
    }
  }

  var help: String? {
    switch self {
    case .notGzip: "Compress it with gzip, or take .gz from its name."
    case .truncatedGzip, .corruptGzip: "Copy or download it again; 'gzip -t' tests a file."
    case .zstd: "Copy or download it again; 'zstd -t' tests a file."
    default: nil
    }
  }
}
