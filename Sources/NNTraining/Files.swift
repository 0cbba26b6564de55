import Glibc
import NNCheckpoint
import NNData
import NNYAML

/// The bytes of a text; of one that is longer than any reader of texts takes only so many that it
/// notices, whatever the size of the file says.
package func readBytes(_ path: String) -> Result<[UInt8], FileFailure> {
  let descriptor = open(path, O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return .failure(FileFailure(code: errno)) }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0 else { return .failure(FileFailure(code: errno)) }
  guard status.st_mode & S_IFMT != S_IFDIR else { return .failure(FileFailure(code: EISDIR)) }
  let most = YAMLLimits().textLength + 1
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: min(max(Int(status.st_size), 1 << 14), most))
  while bytes.count < most {
    let count = read(descriptor, &chunk, min(chunk.count, most - bytes.count))
    if count < 0 {
      if errno == EINTR { continue }
      return .failure(FileFailure(code: errno))
    }
    if count == 0 { break }
    bytes.append(contentsOf: chunk[0..<count])
  }
  return .success(bytes)
}

/// Writes a text to a file that is not there yet; one that is stays as it is.
package func writeNewFile(_ path: String, _ text: String) -> Result<Void, FileFailure> {
  writeNewFile(path, Array(text.utf8))
}

/// Writes bytes to a file that is not there yet; one that is stays as it is.
package func writeNewFile(_ path: String, _ bytes: [UInt8]) -> Result<Void, FileFailure> {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
  guard descriptor >= 0 else { return .failure(FileFailure(code: errno)) }
  defer { close(descriptor) }
  var rest = bytes[...]
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count < 0 {
      if errno == EINTR { continue }
      let failure = FileFailure(code: errno)
      unlink(path)
      return .failure(failure)
    }
    rest = rest.dropFirst(count)
  }
  return .success(())
}

/// Why the system refused a file.
package struct FileFailure: Error, Sendable {
  let code: Int32

  /// Whether there is a file already.
  package var isThere: Bool { code == EEXIST }

  /// In words: `No such file or directory`.
  package var message: String { String(cString: strerror(code)) }
}

/// How many bytes a file has, or nil where there is none.
package func fileSize(_ path: String) -> Int? {
  var status = stat()
  return stat(path, &status) == 0 ? Int(status.st_size) : nil
}

extension SourceFile {
  /// How many bytes it has, with those of the images in a folder or named by a list; nil where there
  /// is none.
  var byteCount: Int? {
    if let images = namedImages?.files(ofList: openedPath) {
      return images.reduce(fileSize(openedPath)) { sum, image in
        sum.map { $0 + (fileSize(image.openedPath) ?? 0) }
      }
    }
    guard let names = imagesInside(openedPath) else { return fileSize(openedPath) }
    return names.reduce(0) { $0 + (fileSize(openedPath + "/" + $1) ?? 0) }
  }

  /// The digest of what was read: of a folder, that of its images and their names; of a list of
  /// images, that of the list and all that it names.
  var digest: ContentDigest {
    get throws(CheckpointError) {
      if let images = namedImages?.files(ofList: openedPath) {
        var text = "\(try ContentDigest(ofFile: openedPath).hexadecimal)\n"
        for image in images {
          text += "\(try ContentDigest(ofFile: image.openedPath).hexadecimal) \(image.path)\n"
        }
        return ContentDigest(of: text)
      }
      guard let names = imagesInside(openedPath) else {
        return try ContentDigest(ofFile: openedPath)
      }
      var text = ""
      for name in names {
        text += "\(try ContentDigest(ofFile: openedPath + "/" + name).hexadecimal) \(name)\n"
      }
      return ContentDigest(of: text)
    }
  }
}

/// The folder of a path; empty where the path has none.
package func folder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "" }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}
