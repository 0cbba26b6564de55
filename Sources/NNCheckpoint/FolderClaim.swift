#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The sole right to write into a folder, among processes that ask for it; it ends with the process,
/// however that ends.
package final class FolderClaim: Sendable {
  private let descriptor: CInt

  package init(_ path: String) throws(CheckpointError) {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .refused(.write, path: path, code: errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      // Some file systems know no locks; then nobody is kept apart, as without this.
      guard code == EWOULDBLOCK else {
        self.descriptor = -1
        return
      }
      throw .inUse(path: path)
    }
    self.descriptor = descriptor
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
