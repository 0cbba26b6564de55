import NNCheckpoint
import NNJSON
import NNTensor

/// Writes and reads a checkpoint of half a gigabyte in a folder, by what training itself calls.
///
/// - `write`: `{"microseconds": …}` until it is on the disk under its name
/// - `read`: the same until its content is known to be unchanged and all of it lies in memory
struct Saving: ~Copyable {
  private static let layers = 10
  private static let width = 3536

  private let path: String
  private let checkpoint: Checkpoint
  /// Where the parameters of a model lie that is opened.
  private let memory = TensorBuffer(elementCount: layers * width * width)

  init(folder: String) {
    path = folder + "/large.safetensors"
    let shape: Shape = [Saving.width, Saving.width]
    checkpoint = Checkpoint(
      tensors: (0..<Saving.layers).map { layer in
        let values = (0..<shape.count).map { Float($0 &* 2_654_435_761 % 65_521 + layer) }
        return Checkpoint.Entry("dense_\(layer).weight", Tensor(shape, values))
      },
      metadata: [
        MetadataKey.format.rawValue: Checkpoint.format, MetadataKey.version.rawValue: "bench",
      ])
  }

  func answer(_ line: String) throws -> JSONValue {
    let start = ContinuousClock.now
    switch line {
    case "write": try checkpoint.write(to: path)
    case "read": try read()
    default: throw RunnerError("no command '\(line)'")
    }
    return ["microseconds": .number(microseconds(since: start))]
  }

  private func read() throws {
    let reader = try CheckpointReader(path)
    try reader.requireUnchanged()
    for (index, entry) in reader.header.entries.enumerated() {
      reader.copy(entry, to: memory.floats() + index * Saving.width * Saving.width)
    }
  }
}
