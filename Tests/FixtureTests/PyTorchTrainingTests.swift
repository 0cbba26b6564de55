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

/// Ten training steps of small models beside PyTorch's, from the same weights; see
/// Scripts/fixtures/README.md.
@Suite struct PyTorchTrainingTests {
  @Test(arguments: try fixtureNames())
  func `ten steps give PyTorch's losses and weights`(_ name: String) throws {
    let fixture = try Fixture(name)
    for (shards, threads) in [(1, 1), (3, 2)] {
      let trainer = try fixture.trainer(shards: shards, threads: threads)
      for (step, expected) in fixture.losses.enumerated() {
        let first = step * 16 % trainer.trainCount
        let loss = try trainer.takeStep(
          Array(first..<first + 16), rate: trainer.rate(at: step))
        #expect(
          abs(loss - expected) <= 1e-5 * max(abs(expected), 1e-3),
          "step \(step) with \(shards) shards: \(loss), PyTorch \(expected)")
      }
      let final = try fixture.tensors("final.safetensors")
      #expect(final.count == trainer.store.layout.entries.count)
      for entry in trainer.store.layout.entries {
        let expected = try #require(final[entry.parameter.name], "\(entry.parameter.name)")
        let found = trainer.store.tensor(entry)
        #expect(found.shape == expected.shape)
        let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
        let scale = max(expected.values.map { abs($0) }.max() ?? 0, 0.01)
        #expect(
          difference <= 2e-4 * scale,
          "\(entry.parameter.name) with \(shards) shards is off by \(difference)")
      }
    }
  }

  @Test func `every layer, activation, loss and optimizer has a fixture`() throws {
    let texts = try fixtureNames().map { try Fixture($0).text } + KindFixture.all().map(\.text)
    let catalogue = Catalogue.standard
    let words =
      catalogue.layers.words + catalogue.activations.words + catalogue.losses.words
      + catalogue.optimizers.words
    for word in words {
      #expect(texts.contains { $0.contains(word) }, "no fixture has '\(word)'")
    }
  }
}

private struct Fixture {
  let folder: URL
  let text: String
  let losses: [Double]

  init(_ name: String) throws {
    folder = fixtureFolder.appending(path: name)
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
  func trainer(shards: Int, threads: Int) throws -> Trainer {
    let sharded = text.replacing("train: {", with: "train: {shards: \(shards), ")
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
}

private let fixtureFolder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/training")

private func fixtureNames() throws -> [String] {
  try FileManager.default.contentsOfDirectory(atPath: fixtureFolder.path).sorted()
}
