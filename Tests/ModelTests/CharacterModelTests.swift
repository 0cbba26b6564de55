import NNCheckpoint
import NNData
import NNJSON
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A small causal transformer on the characters of a text, from its file to predictions.
@Suite struct CharacterModelTests {
  private static let model = """
    nnc: 1
    name: characters
    data:
      source: {text: {path: text.txt, length: 12}}
      split: {train: 0.8, validation: 0.2}
      inputs: {text: characters}
      targets: {next: next}
    model:
      - id: characters
        embedding: 16
      - position_embedding: learned
      - residual: [layer_norm, {attention: {heads: 4, kv_heads: 2, causal: true, rotary: true, dropout: 0.1}}]
      - residual: [layer_norm, {gated_feed_forward: 24}]
      - residual: [layer_norm, {mixture_of_experts: {experts: 3, units: 8}}]
      - layer_norm
      - dense: next
        tie: characters
    loss: cross_entropy
    optimizer: {adamw: {lr: 1e-2}}
    train: {epochs: 6, batch: 16, shards: 5}
    metrics: [accuracy]
    """

  private static let text = String(
    repeating: "the cat sat on the mat, and the rat sat on the cat.\n", count: 40)

  /// A folder with the model and its text.
  private struct Files {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "nnc-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(CharacterModelTests.text.utf8).write(to: folder.appending(path: "text.txt"))
    }

    func trained(threads: Int) throws -> (losses: [Double], paths: RunFolder) {
      let text = CharacterModelTests.model + "\ncheckpoint: {folder: \(folder.path)/runs}\n"
      let checked = ModelFile.check(
        Array(text.utf8), name: "characters.yaml", directory: folder.path, depth: .everything)
      let model = try #require(checked.value, "\(checked.diagnostics)")
      let data = try #require(model.prepared)
      let trainer = try Trainer(model, data, threads: threads)
      let recorder = try RunRecorder(model, data, threads: threads)
      var losses: [Double] = []
      _ = try trainer.train { event throws(TrainingError) in
        guard case .epoch(let report) = event else { return }
        losses.append(report.trainLoss)
        try recorder.record(report, of: trainer)
      }
      try recorder.write(trainer)
      return (losses, recorder.folder)
    }
  }

  @Test func `it learns a text, with the same bytes for any number of threads`() throws {
    let files = try Files()
    defer { try? FileManager.default.removeItem(at: files.folder) }
    var bytes: Set<[UInt8]> = []
    for threads in [1, 2, 3, 2] {
      let (losses, paths) = try files.trained(threads: threads)
      bytes.insert(try readBytes(paths.last).get() + readBytes(paths.state).get())
      let (first, last) = (try #require(losses.first), try #require(losses.last))
      #expect(last < 0.5 * first, "\(losses)")
    }
    #expect(bytes.count == 1)
  }

  @Test func `its checkpoint evaluates on its parts, and tells what follows a text`() throws {
    let files = try Files()
    defer { try? FileManager.default.removeItem(at: files.folder) }
    let (_, paths) = try files.trained(threads: 2)
    let model = try TrainedModel(paths.last, threads: 2)
    let validation = try model.samples(.validation, directory: files.folder.path)
    let figures = try model.evaluator.evaluate(validation)
    // Of each character of a window, not of each window.
    #expect(try #require(figures["accuracy"]) > 0.6)
    let (table, _) = Table.parse(
      Array("and the cat sat on the ca".utf8), name: "new.txt", format: model.preprocessing.format)
    let samples = try model.samples(of: try #require(table), needTargets: false)
    let predictions = try Predictions(model, samples.table)
    #expect(predictions.rows.count == 2)
    #expect(predictions.columns.first == "next")
    #expect(predictions.columns.contains("next.<unknown>"))
    let row = try #require(predictions.rows.last)
    #expect(row.count == predictions.columns.count)
    #expect(row.first?.stringValue == "t")
    let sum = row.dropFirst().reduce(0) { $0 + ($1.doubleValue ?? 0) }
    #expect(abs(sum - 1) < 1e-5)
  }
}
