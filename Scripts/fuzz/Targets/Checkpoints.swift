import Glibc
import NNCheckpoint

/// Reads bytes as a checkpoint, all of its tensors, from a file without a name: the reader wants a
/// path, and reads at places of it.
func readCheckpoint(_ bytes: UnsafeRawBufferPointer) {
  guard ftruncate(scratch, 0) == 0,
    pwrite(scratch, bytes.baseAddress, bytes.count, 0) == bytes.count
  else { fatalError("the scratch file cannot be written") }
  do throws(CheckpointError) {
    let checkpoint = try CheckpointReader("/proc/self/fd/\(scratch)")
    for entry in checkpoint.header.entries { _ = checkpoint.tensor(entry) }
    try checkpoint.requireUnchanged()
  } catch {
    _ = "\(error)"
  }
}

/// In memory, as a run must not wait for a disk, and without a name.
private let scratch = {
  var path = Array("/dev/shm/nnc-fuzz-XXXXXX".utf8CString)
  let file = mkstemp(&path)
  guard file >= 0, unlink(path) == 0 else { fatalError("there is no room for a scratch file") }
  return file
}()
