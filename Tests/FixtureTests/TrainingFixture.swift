import NNCatalogue
import NNCheckpoint
import NNData
import NNEngine
import NNGraph
import NNJSON
import NNModel
import NNPlan
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A folder of Tests/Fixtures/training.
struct TrainingFixture {
  let folder: URL
  let text: String
  let losses: [Double]
  /// How far weights may be off, as a share of the largest. Those of optimizers are held to what
  /// ten steps of float32 allow; single layers may have gradients that cancel out.
  var tolerance: Float { folder.lastPathComponent.hasPrefix("optimizer") ? 1e-5 : 2e-4 }

  init(_ name: String) throws {
    try self.init(at: fixtureFolder.appending(path: name))
  }

  init(at folder: URL) throws {
    self.folder = folder
    text = try String(contentsOf: folder.appending(path: "model.yaml"), encoding: .utf8)
    let expected = try JSONValue.parse(
      Array(try Data(contentsOf: folder.appending(path: "expected.json"))))
    losses = try #require(expected["losses"]?.elements).compactMap(\.doubleValue)
    try #require(losses.count == 10)
  }

  func tensors(_ file: String) throws -> [String: Tensor] {
    let checkpoint = try Checkpoint(contentsOf: folder.appending(path: file).path)
    return Dictionary(uniqueKeysWithValues: checkpoint.tensors.map { ($0.name, $0.tensor) })
  }

  /// A trainer that begins with the fixture's weights.
  ///
  /// - optimizer: in place of the fixture's, with all that stands beside it.
  func trainer(shards: Int, threads: Int, optimizer: String? = nil) throws -> Trainer {
    var sharded = text.replacing("train: {", with: "train: {shards: \(shards), ")
    if let optimizer {
      let start = try #require(sharded.firstRange(of: "optimizer:"))
      let end = try #require(sharded.firstRange(of: "train:"))
      sharded.replaceSubrange(
        start.lowerBound..<end.lowerBound, with: "optimizer: {\(optimizer)}\n")
    }
    let checked = ModelFile.check(
      Array(sharded.utf8), name: "model.yaml", directory: folder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    let trainer = try Trainer(model, try #require(model.prepared), threads: threads)
    let initial = try tensors("initial.safetensors")
    for entry in trainer.store.layout.entries {
      trainer.store.set(
        entry, try #require(initial[entry.parameter.name], "\(entry.parameter.name)"))
    }
    return trainer
  }

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: fixtureFolder.path).sorted()
  }
}

private let fixtureFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/training")
