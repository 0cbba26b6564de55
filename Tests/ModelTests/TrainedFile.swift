import NNCheckpoint
import NNData
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A file of models/ after training.
struct TrainedFile {
  let trainer: Trainer
  let folder: RunFolder?

  /// - epochs, shards, precision: instead of the file's.
  /// - recordingIn: where a run folder is made, if at all.
  init(
    _ name: String, epochs: Int? = nil, shards: Int? = nil, precision: String? = nil,
    threads: Int = 2, recordingIn base: String? = nil
  ) throws {
    var text = try String(
      contentsOf: modelFolder.appending(path: "\(name).yaml"), encoding: .utf8)
    if let epochs {
      try #require(text.contains("epochs: "))
      text = text.replacing(/epochs: \d+/, with: "epochs: \(epochs)")
    }
    if let shards { text = text.replacing("train: {", with: "train: {shards: \(shards), ") }
    if let precision {
      try #require(text.contains("train: {"))
      text = text.replacing("train: {", with: "train: {precision: \(precision), ")
    }
    if let base { text += "\ncheckpoint: {folder: \(base)}\n" }
    let checked = ModelFile.check(
      Array(text.utf8), name: "\(name).yaml", directory: modelFolder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    let data = try #require(model.prepared)
    trainer = try Trainer(model, data, threads: threads)
    let recorder = try base.map { _ in try RunRecorder(model, data, threads: threads) }
    folder = recorder?.folder
    _ = try trainer.train { event throws(TrainingError) in
      if case .epoch(let report) = event { try recorder?.record(report, of: trainer) }
    }
    try recorder?.write(trainer)
    trainer.restoreBest()
  }
}

extension TrainedFile {
  /// A trainer for a file of models/ before its first step.
  ///
  /// - train: fields that are added to its train section, each with a comma behind it.
  /// - optimizer: what stands instead of its optimizer.
  static func untrained(
    _ name: String, threads: Int, train: String = "", optimizer: String? = nil
  ) throws -> Trainer {
    let text = try String(
      contentsOf: modelFolder.appending(path: "\(name).yaml"), encoding: .utf8)
    try #require(text.contains("\ntrain: {"))
    var changed = text.replacing("\ntrain: {", with: "\ntrain: {" + train)
    if let optimizer {
      changed = changed.replacing(/\noptimizer:.*(\n .*)*/, with: "\noptimizer: \(optimizer)")
      try #require(changed.contains(optimizer))
    }
    let checked = ModelFile.check(
      Array(changed.utf8), name: "\(name).yaml", directory: modelFolder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    return try Trainer(model, try #require(model.prepared), threads: threads)
  }
}

private let modelFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "models")

func modelNames() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: modelFolder.path)
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
}
