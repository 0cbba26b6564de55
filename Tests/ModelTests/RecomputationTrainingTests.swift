import NNData
import NNEngine
import NNTensor
import NNTraining
import Testing

/// Computing activations again changes how much memory training takes, and nothing else.
@Suite struct RecomputationTrainingTests {
  @Test(arguments: ["digits", "digits-cnn", "resnet20", "char-gpt", "char-lstm", "moe"])
  func `the weights are the same to the bit`(_ name: String) throws {
    var weights: [[[Float]]] = []
    for (isRecomputed, threads) in [(false, 2), (true, 1), (true, 2)] {
      let trainer = try TrainedFile.untrained(
        name, threads: threads, train: isRecomputed ? "checkpoint_activations: true, " : "")
      let rows = Array(0..<2 * trainer.batch)
      for step in 0..<3 {
        let first = step % 2 * trainer.batch
        _ = try trainer.takeStep(rows[first..<first + trainer.batch], rate: 1e-2)
      }
      weights.append(trainer.store.tensors.map(\.tensor.values))
    }
    #expect(weights[0] == weights[1])
    #expect(weights[0] == weights[2])
  }
}
