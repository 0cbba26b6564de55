import NNCheckpoint
import NNData
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
  import Glibc
#else
  import Foundation
#endif

/// `checkpoint: {every_steps: …}` writes in the middle of an epoch, and without it nothing does.
@Suite struct CheckpointStepTests {
  @Test(arguments: [(", every_steps: 1", true), ("", false)])
  func `a long epoch is written on its way where the file asks for it`(
    _ steps: String, _ isWritten: Bool
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-steps-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let text = """
      nnc: 1
      name: long
      data:
        source: {rows: {values: [[1, 2], [2, 4], [3, 6], [4, 8]], columns: [x, y]}}
        inputs: {x: x}
        targets: {y: y}
      model: [dense: y]
      loss: mse
      optimizer: {sgd: 1e-3}
      train: {epochs: 1, batch: 1}
      checkpoint: {folder: \(folder.path)\(steps)}
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "long.yaml", directory: folder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
    let data = try #require(model.prepared)
    let trainer = try Trainer(model, data, threads: 1)
    let recorder = try RunRecorder(model, data, threads: 1)
    var written: [Bool] = []
    _ = try recorder.train(
      trainer,
      isInterrupted: {
        written.append(FileManager.default.fileExists(atPath: recorder.folder.state))
        // Writing takes no more than a share of the time, so there must be some.
        if trainer.step == 1 { usleep(500_000) }
        return false
      }, onEvent: { _ in })
    #expect(written == [false, isWritten, isWritten, isWritten])
    #expect(FileManager.default.fileExists(atPath: recorder.folder.state))
  }
}
