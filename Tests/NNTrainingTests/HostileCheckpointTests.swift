import NNCheckpoint
import NNData
import NNTestSupport
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Checkpoints whose texts a stranger changed, and who made their digest right again: they say what is
/// wrong or are used, and never end the program.
@Suite struct HostileCheckpointTests {
  private let folder: URL
  private let run: RunFolder
  private let model: CheckedModel

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "nnc-hostile-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let rows = (0..<30).map { "\($0 % 7),\($0 % 5),\(["a", "b", "c"][$0 % 3])" }
    try Data(("x,y,kind\n" + rows.joined(separator: "\n") + "\n").utf8)
      .write(to: folder.appending(path: "t.csv"))
    let text = """
      nnc: 1
      name: hostile
      data:
        source: t.csv
        split: {train: 0.7, validation: 0.3}
        inputs: {x: {columns: [x, y], scale: standard}}
        targets: {kind: {column: kind, type: category}}
      model: [{dense: {units: 4, activation: relu}}, batch_norm, {dense: kind}]
      loss: cross_entropy
      optimizer: {adam: 1e-2}
      train: {epochs: 2, batch: 8, on_nan: rollback}
      checkpoint: {folder: \(folder.path)/runs}
      """
    model = try #require(
      ModelFile.check(
        Array(text.utf8), name: "hostile.yaml", directory: folder.path, depth: .everything
      ).value)
    let data = try #require(model.prepared)
    let trainer = try Trainer(model, data, threads: 1)
    let recorder = try RunRecorder(model, data, threads: 1)
    run = recorder.folder
    var steps = 0
    _ = try recorder.train(
      trainer,
      isInterrupted: {
        steps += 1
        return steps == 4
      }, onEvent: { _ in })
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  /// The checkpoint with one of its texts or sizes damaged, its digest made anew.
  private func damaged(_ checkpoint: Checkpoint, _ keys: [String], seed: Int) -> Checkpoint {
    var checkpoint = checkpoint
    let key = keys[seed % keys.count]
    let bytes = Array((checkpoint.metadata[key] ?? "").utf8)
    checkpoint.metadata[key] = String(
      decoding: mutated(bytes, seed: UInt64(seed)), as: UTF8.self)
    return checkpoint
  }

  @Test func `five hundred models and preprocessings`() throws {
    defer { remove() }
    let whole = try Checkpoint(contentsOf: run.best)
    let path = folder.appending(path: "changed.safetensors").path
    var refused = 0
    for seed in 0..<500 {
      try damaged(whole, ["nnc.model", "nnc.preprocessing", "nnc.digest.data"], seed: seed)
        .write(to: path)
      do {
        let trained = try TrainedModel(path, threads: 1)
        let samples = try trained.samples(.validation, directory: folder.path)
        _ = try trained.evaluator.evaluate(samples)
      } catch {
        #expect(!"\(error)".isEmpty)
        refused += 1
      }
    }
    #expect(refused > 100)
  }

  @Test func `five hundred states of a run`() throws {
    defer { remove() }
    let whole = try Checkpoint(contentsOf: run.state)
    let data = try #require(model.prepared)
    var refused = 0
    for seed in 0..<500 {
      try damaged(whole, ["nnc.trainer", "nnc.digest.data", "nnc.version"], seed: seed)
        .write(to: run.state)
      do {
        let point = try ResumePoint(latestOf: model)
        let trainer = try Trainer(model, data, threads: 1)
        let state = try #require(point.state)
        guard try trainer.restore(state) else {
          refused += 1
          continue
        }
        var steps = 0
        _ = try trainer.train(
          isInterrupted: {
            steps += 1
            return steps == 3
          }, onEvent: { _ in })
      } catch {
        refused += 1
      }
    }
    #expect(refused > 100)
  }
}
