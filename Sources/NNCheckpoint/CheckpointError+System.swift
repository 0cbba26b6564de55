#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension CheckpointError {
  /// What the operating system's answer means for the person who reads it.
  static func message(_ operation: FileOperation, _ path: String, _ code: Int32) -> String {
    switch code {
    case ENOENT:
      switch operation {
      case .open, .read, .list: "there is no \(path); check the path"
      case .write, .createFolder: "the folder of \(path) is not there; create it first"
      }
    case ENOTDIR:
      "\(path) \(operation.failure): a part of its path is a file, not a folder; check the path"
    case EISDIR:
      "\(path) is a folder where a file is needed; remove it or choose another name"
    case EACCES, EPERM:
      switch operation {
      case .open, .read, .list:
        "\(path) \(operation.failure): permission denied; ask its owner for the right to read it"
      case .write, .createFolder:
        "\(path) \(operation.failure): permission denied; choose a folder you may write to"
      }
    case EROFS:
      "\(path) \(operation.failure): its disk is read-only; choose a folder you may write to"
    case ENOSPC, EDQUOT:
      "\(path) \(operation.failure): the disk is full; free some space and start again"
    case EFBIG:
      "\(path) \(operation.failure): its disk does not take files this large; choose another"
    case ENAMETOOLONG:
      "\(path) \(operation.failure): the path is too long; choose a shorter one"
    case EMFILE, ENFILE:
      "\(path) \(operation.failure): too many files are open; close some or raise 'ulimit -n'"
    default:
      "\(path) \(operation.failure): \(String(cString: strerror(code))) (errno \(code))"
    }
  }
}

extension CheckpointError.FileOperation {
  fileprivate var failure: String {
    switch self {
    case .open: "cannot be opened"
    case .read: "cannot be read"
    case .write: "cannot be written"
    case .createFolder: "cannot be created"
    case .list: "cannot be listed"
    }
  }
}
