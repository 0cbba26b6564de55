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
  @Test(arguments: try TrainingFixture.names())
  func `ten steps give PyTorch's losses and weights`(_ name: String) throws {
    let fixture = try TrainingFixture(name)
    for (shards, threads) in [(1, 1), (3, 2)] {
      let trainer = try fixture.trainer(shards: shards, threads: threads)
      var losses: [Double] = []
      _ = try trainer.train { event in
        if case .step(let report) = event { losses.append(report.loss) }
      }
      #expect(losses.count == fixture.losses.count)
      for (step, (loss, expected)) in zip(losses, fixture.losses).enumerated() {
        #expect(
          abs(loss - expected) <= 1e-5 * max(abs(expected), 1e-3),
          "step \(step) with \(shards) shards: \(loss), PyTorch \(expected)")
      }
      let final = try fixture.tensors("final.safetensors")
      let kept = try trainer.lastTensors()
      #expect(final.count == kept.count)
      for (name, found) in kept {
        let expected = try #require(final[name], "\(name)")
        #expect(found.shape == expected.shape)
        let difference = zip(found.values, expected.values).map { abs($0 - $1) }.max() ?? 0
        let scale = max(expected.values.map { abs($0) }.max() ?? 0, 0.01)
        #expect(
          difference <= fixture.tolerance * scale,
          "\(name) with \(shards) shards is off by \(difference) of \(scale)")
      }
    }
  }

  @Test func `every layer, activation, loss and optimizer has a fixture`() throws {
    let texts =
      try TrainingFixture.names().map { try TrainingFixture($0).text }
      + KindFixture.all().map(\.text)
    let catalogue = Catalogue.standard
    let words =
      catalogue.layers.words + catalogue.activations.words + catalogue.losses.words
      + catalogue.optimizers.words
    // Whole words: 'add' must not be found in 'padding', nor 'sin' in 'single'.
    let isPart = { (character: Character) in character.isLetter || "0123456789_".contains(character)
    }
    let found = Set(texts.flatMap { $0.split { !isPart($0) } }.map(String.init))
    for word in words {
      #expect(found.contains(word), "no fixture has '\(word)'")
    }
  }
}
