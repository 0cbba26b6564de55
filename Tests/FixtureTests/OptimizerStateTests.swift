import NNCheckpoint
import NNData
import NNEngine
import NNJSON
import NNPlan
import NNTensor
import NNTestSupport
import NNTraining
import Testing

/// What the optimizers of the fixtures do beside giving PyTorch's numbers.
@Suite struct OptimizerStateTests {
  @Test(arguments: try optimizerFixtures())
  func `training is the same bit for bit on any number of threads`(_ name: String) throws {
    let fixture = try TrainingFixture(name)
    func trained(threads: Int) throws -> [(name: String, tensor: Tensor)] {
      let trainer = try fixture.trainer(shards: 3, threads: threads)
      _ = try trainer.train { _ in }
      return try trainer.lastTensors() + trainer.state.tensors
    }
    let one = try trained(threads: 1)
    for threads in [2, 3] {
      let other = try trained(threads: threads)
      #expect(one.map(\.name) == other.map(\.name))
      for (a, b) in zip(one, other) {
        #expect(bitDifference(b.tensor.values, a.tensor.values, "\(a.name), \(threads)") == nil)
      }
    }
  }

  @Test(arguments: try optimizerFixtures())
  func `a run goes on from its state as if it had not stopped`(_ name: String) throws {
    let fixture = try TrainingFixture(name)
    let whole = try fixture.trainer(shards: 2, threads: 1)
    var state: (tensors: Checkpoint, numbers: String)?
    _ = try whole.train { event in
      guard case .epoch(let report) = event, report.epoch == 2 else { return }
      let tensors = whole.state.tensors.map { Checkpoint.Entry($0.name, $0.tensor) }
      state = (Checkpoint(tensors: tensors), whole.state.numbers.serialized())
    }
    let saved = try #require(state)
    // A file holds every tensor under a name of its own.
    _ = try #require(try? saved.tensors.bytes())
    let resumed = try fixture.trainer(shards: 2, threads: 1)
    let isOfModel = try resumed.restore(
      TrainerState(
        tensors: saved.tensors.tensors.map { ($0.name, $0.tensor) },
        numbers: try JSONValue.parse(saved.numbers)))
    try #require(isOfModel)
    _ = try resumed.train { _ in }
    for (a, b) in zip(
      try whole.lastTensors() + whole.state.tensors,
      try resumed.lastTensors() + resumed.state.tensors
    ) {
      #expect(a.name == b.name)
      #expect(bitDifference(b.tensor.values, a.tensor.values, a.name) == nil)
    }
  }

  @Test(arguments: [
    ("optimizer-ema", ["average"]), ("optimizer-swa", ["average"]),
    ("optimizer-lookahead", ["slow"]), ("optimizer-schedule-free", ["fast", "second_moment"]),
    ("optimizer-muon", ["momentum", "first_moment", "second_moment"]),
    ("optimizer-adafactor", ["row_means", "column_means", "mean_square"]),
    ("optimizer-lbfgs", ["moves", "changes", "direction", "last_gradient"]),
  ])
  func `the state holds what is trained beside what an optimizer keeps`(
    _ name: String, _ parts: [String]
  ) throws {
    let trainer = try TrainingFixture(name).trainer(shards: 1, threads: 1)
    _ = try trainer.train { _ in }
    let state = trainer.state.tensors
    for part in parts { #expect(state.contains { $0.name.hasSuffix(".\(part)") }, "\(part)") }
    let kept = try trainer.lastTensors()
    #expect(kept.map(\.name) == Array(state.map(\.name).prefix(kept.count)))
    let isAveraged = ["optimizer-ema", "optimizer-swa", "optimizer-schedule-free"].contains(name)
    let weight = try #require(kept.firstIndex { $0.name == "dense_1.weight" })
    #expect((kept[weight].tensor != state[weight].tensor) == isAveraged)
  }

  @Test(arguments: [
    "optimizer-ema-batch-norm", "optimizer-schedule-free", "optimizer-swa", "optimizer-lookahead",
  ])
  func `what is evaluated is what is kept`(_ name: String) throws {
    let fixture = try TrainingFixture(name)
    let trainer = try fixture.trainer(shards: 1, threads: 1)
    _ = try trainer.train { _ in }
    // A model without averages evaluates its parameters as they are.
    let plain = try fixture.trainer(shards: 1, threads: 1, optimizer: "sgd: 0.1")
    for (entry, kept) in zip(plain.store.layout.entries, try trainer.lastTensors()) {
      plain.store.set(entry, kept.tensor)
    }
    #expect(try trainer.evaluate(.train)["loss"] == plain.evaluate(.train)["loss"])
  }
}

private func optimizerFixtures() throws -> [String] {
  try TrainingFixture.names().filter { $0.hasPrefix("optimizer-") }
}
