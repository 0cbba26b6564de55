import NNCheckpoint
import NNGraph
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The same file, data and seed give the same files, whatever the number of threads.
@Suite struct SameBytesTests {
  @Test(arguments: ["digits-cnn", "iris", "novels", "photos", "two-by-two", "co2"])
  func `any number of threads writes the same checkpoints`(_ name: String) throws {
    try expectSameBytes(name, precision: "f32")
  }

  @Test(.enabled(if: bfloat16Products != nil))
  func `any number of threads writes the same checkpoints in bf16`() throws {
    try expectSameBytes("digits-cnn", precision: "bf16")
  }

  private func expectSameBytes(_ name: String, precision: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    var (best, last, state): (Set<[UInt8]>, Set<[UInt8]>, Set<[UInt8]>) = ([], [], [])
    // The same twice, too.
    for count in [1, 2, 3, 2] {
      let run = try TrainedFile(
        name, epochs: 3, shards: 5, precision: precision, threads: count,
        recordingIn: folder.path)
      let paths = try #require(run.folder)
      best.insert(try readBytes(paths.best).get())
      last.insert(try readBytes(paths.last).get())
      state.insert(try readBytes(paths.state).get())
    }
    #expect(best.count == 1)
    #expect(last.count == 1)
    #expect(state.count == 1)
  }
}
