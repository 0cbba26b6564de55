import CFuzzer
import Glibc
import NNCheckpoint

/// Reads bytes as a checkpoint, all of its tensors, from a file in memory: the reader wants a path, and
/// reads at places of it.
func readCheckpoint(_ bytes: UnsafeRawBufferPointer) {
  guard ftruncate(scratch, 0) == 0,
    pwrite(scratch, bytes.baseAddress, bytes.count, 0) == bytes.count
  else { fatalError("the scratch file cannot be written") }
  do throws(CheckpointError) {
    let checkpoint = try CheckpointReader("/proc/self/fd/\(scratch)")
    for entry in checkpoint.header.entries { _ = try checkpoint.tensor(entry) }
  } catch {
    return
  }
}

private let scratch = {
  let descriptor = memfd_create("checkpoint", 0)
  guard descriptor >= 0 else { fatalError("there is no memory for a scratch file") }
  return descriptor
}()
