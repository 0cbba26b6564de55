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
    for entry in checkpoint.header.entries { _ = try checkpoint.tensor(entry) }
  } catch {
    _ = "\(error)"
  }
}

private let scratch = {
  guard let file = tmpfile() else { fatalError("there is no room for a scratch file") }
  return fileno(file)
}()
