import NNData
import NNDiagnostics
import NNEngine
import NNJSON
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A step whose numbers are none stops training, is left out, or takes it back, and says where they
/// came up.
@Suite struct DivergenceTests {
  private static func trainer(
    _ model: String, _ rest: String, rows: [String]? = nil, threads: Int = 2
  ) throws -> Trainer {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-nan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = rows ?? (0..<24).map { "\($0 == 7 ? "500" : "\($0)"),\($0 * 2)" }
    try Data(("x,y\n" + lines.joined(separator: "\n") + "\n").utf8)
      .write(to: folder.appending(path: "t.csv"))
    let text = """
      nnc: 1
      name: nan
      data: {source: t.csv, inputs: {x: x}, targets: {y: y}}
      model: \(model)
      loss: mse
      \(rest)
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "nan.yaml", directory: folder.path, depth: .everything)
    let file = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
    return try Trainer(file, try #require(file.prepared), threads: threads)
  }

  /// What a training ends with, and what it tells on its way but for steps and epochs.
  private static func told(
    _ trainer: Trainer
  ) -> (end: String, skipped: [String], back: [RollbackReport]) {
    var skipped: [String] = []
    var back: [RollbackReport] = []
    do {
      let end = try trainer.train { event in
        switch event {
        case .skipped(let divergence): skipped.append(divergence.words)
        case .rolledBack(let report): back.append(report)
        case .step, .epoch: break
        }
      }
      return ("\(end)", skipped, back)
    } catch {
      return (error.message, skipped, back)
    }
  }

  private static let exponential =
    "[{id: first, dense: {units: 1, weight_init: ones, bias_init: zeros}}, "
    + "{id: big, activation: exp}, {id: last, dense: y}]"
  private static let linear = "[{id: last, dense: {units: y, weight_init: ones, bias_init: zeros}}]"

  // MARK: Where

  @Test func `the layer and the sample are named where it came up`() throws {
    let text = Self.told(
      try Self.trainer(
        Self.exponential,
        "optimizer: {sgd: 1e-30}\ntrain: {epochs: 1, batch: 12, shuffle: false, shards: 3}")
    ).end
    #expect(text.contains("the loss was infinite at step 1"), "\(text)")
    #expect(text.contains("it came up in 'big'"), "\(text)")
    #expect(text.contains("of sample 8 of the batch (row 8 of the data)"), "\(text)")
  }

  @Test func `a rate that is too large is the step before's`() throws {
    let text = Self.told(
      try Self.trainer(
        "[{id: first, dense: 4}, {id: last, dense: y}]",
        "optimizer: {sgd: 1e30}\ntrain: {epochs: 9, batch: 12}")
    ).end
    #expect(text.contains("training diverged"))
    #expect(text.contains("came up in") || text.contains("was so before the batch"), "\(text)")
  }

  /// The loss is (1e19)² = 1e38; its gradient 2e19 · 1e20 is more than a float holds.
  @Test(arguments: [1, 2])
  func `a gradient without end under a finite loss stops at its step`(_ accumulate: Int) throws {
    let rows = ["1,1", "1,1", "1,1", "1e20,1e20", "1,1", "1,1"]
    let trainer = try Self.trainer(
      "[{id: last, dense: {units: y, bias: false, weight_init: {constant: 0.9}}}]",
      "optimizer: {sgd: 1e-30}\n"
        + "train: {epochs: 1, batch: 1, accumulate: \(accumulate), shuffle: false}",
      rows: rows)
    let before = trainer.store.tensors.map(\.tensor)
    let text = Self.told(trainer).end
    let step = accumulate == 1 ? 4 : 2
    #expect(text.contains("gradients were no numbers at step \(step), in epoch 1"), "\(text)")
    #expect(text.contains("it came up in the gradient of 'last.weight'"), "\(text)")
    #expect(trainer.step == step)
    #expect(trainer.store.tensors.map(\.tensor) == before, "a step this small moves nothing")
  }

  /// exp(−∞) is zero, and so is its gradient: no step notices that the weight is none any more.
  @Test func `weights that are no numbers are found before they are evaluated or written`() throws {
    let trainer = try Self.trainer(
      "[{id: first, dense: {units: 1, weight_init: ones, bias_init: zeros}}, "
        + "{id: big, activation: exp}, "
        + "{id: last, freeze: true, dense: {units: y, weight_init: ones, bias_init: zeros}}]",
      "optimizer: {sgd: 1e38}\ntrain: {epochs: 3, batch: 1, shuffle: false}",
      rows: ["10,1", "10,1", "10,1"])
    let text = Self.told(trainer).end
    #expect(
      text.contains("weights were no numbers after step 3, in epoch 1: 'first.weight'"), "\(text)")
    #expect(trainer.step == 3)
  }

  // MARK: skip

  @Test(arguments: [1, 2])
  func `a step that is left out is as if it had not been`(_ accumulate: Int) throws {
    let model = "[{id: norm, batch_norm}, \(Self.exponential.dropFirst())"
    func rest(_ policy: String) -> String {
      "optimizer: {nadam: 1e-3}\ntrain: {epochs: 1, batch: 2, accumulate: \(accumulate), "
        + "shuffle: false, on_nan: \(policy)}"
    }
    let count = 4 * accumulate * 2
    var rows = (0..<count).map { "\(Double($0 % 5) / 5),\($0 % 3)" }
    let without = Array(rows[0..<count / 4] + rows[(count / 2)...])
    // The second step has a number that exp makes infinite behind batch_norm's shift.
    for row in count / 4..<count / 2 { rows[row] = "3e38,1" }
    let trainer = try Self.trainer(model, rest("skip"), rows: rows)
    let told = Self.told(trainer)
    #expect(told.end == "completed")
    try #require(told.skipped.count == 1, "\(told.skipped)")
    #expect(told.skipped[0].contains("at step 2, in epoch 1"), "\(told.skipped)")
    let expected = try Self.trainer(model, rest("stop"), rows: without)
    #expect(Self.told(expected).end == "completed")
    for (found, wanted) in zip(trainer.store.tensors, expected.store.tensors) {
      #expect(found.tensor.values == wanted.tensor.values, "\(found.name)")
    }
  }

  @Test func `steps that are left out in turn for an epoch end training`() throws {
    let told = Self.told(
      try Self.trainer(
        Self.linear, "optimizer: {sgd: 1e20}\ntrain: {epochs: 9, batch: 4, on_nan: skip}"))
    #expect(told.skipped.count == 5, "\(told.skipped)")
    #expect(told.end.contains("6 steps in turn were left out for that"), "\(told.end)")
  }

  // MARK: rollback

  /// A rate from which a few halvings lead to one that holds.
  private static func rolling(_ epochs: Int) -> String {
    "optimizer: {sgd: {lr: 0.5, momentum: 0.5}, ema: {decay: 0.9}}\n"
      + "train: {epochs: \(epochs), batch: 1, on_nan: rollback}"
  }
  private static let rows = (0..<200).map { "\($0 % 7 + 1),\(2 * ($0 % 7))" }

  @Test func `a rate that is too large is halved from where the epoch began until it holds`() throws
  {
    let trainer = try Self.trainer(Self.linear, Self.rolling(4), rows: Self.rows)
    let told = Self.told(trainer)
    #expect(told.end == "completed")
    try #require((1...10).contains(told.back.count))
    #expect(told.back.map(\.number) == Array(1...told.back.count))
    #expect(told.back.map(\.rateFactor) == (1...told.back.count).map { 1 / Double(1 << $0) })
    #expect(told.back.allSatisfy { $0.step == $0.epoch * 200 })
    #expect(trainer.rate(at: 0) == 0.5 * told.back[told.back.count - 1].rateFactor)
    #expect(trainer.step == 800)
    #expect(trainer.store.firstNonFinite == nil)
  }

  @Test func `a sample that no rate helps with ends training after ten returns`() throws {
    let told = Self.told(
      try Self.trainer(
        Self.exponential,
        "optimizer: {sgd: 1e-9}\ntrain: {epochs: 3, batch: 4, on_nan: rollback}"))
    #expect(told.back.count == 10)
    #expect(told.end.contains("training went back 10 times and halved the rate each time"))
  }

  /// Interrupted after any step, a state that was written and read goes on to the same bytes.
  @Test(arguments: ["rollback", "skip"])
  func `a run with returns that is gone on with gives the same weights`(_ policy: String) throws {
    var rows = Self.rows
    if policy == "skip" { rows[50] = "3e38,3e38" }
    let rest = Self.rolling(2).replacing(
      policy == "skip" ? "rollback" : "\0", with: policy
    ).replacing(policy == "skip" ? "0.5, m" : "\0", with: "1e-3, m")
    let whole = try Self.trainer(Self.linear, rest, rows: rows)
    let told = Self.told(whole)
    try #require(told.end == "completed", "\(told.end)")
    try #require(!(told.skipped.isEmpty && told.back.isEmpty))
    for stop in [1, 7, 50, 51, 60, 199, 200, 201, 290, 399] {
      var trainer = try Self.trainer(Self.linear, rest, rows: rows)
      var steps = 0
      let end = try trainer.train(
        isInterrupted: {
          steps += 1
          return steps == stop
        }, onEvent: { _ in })
      if end == .interrupted {
        let state = trainer.state
        trainer = try Self.trainer(Self.linear, rest, rows: rows, threads: 1)
        #expect(try trainer.restore(state))
        _ = try trainer.train { _ in }
      }
      #expect(trainer.weightsDigest == whole.weightsDigest, "after \(stop) steps")
      #expect(trainer.state.numbers == whole.state.numbers, "after \(stop) steps")
    }
  }

  /// As where a stranger changed the state, or the run was begun with another policy.
  @Test func `a run that does not know where its epoch began says so`() throws {
    let first = try Self.trainer(Self.linear, Self.rolling(2), rows: Self.rows)
    var steps = 0
    _ = try first.train(
      isInterrupted: {
        steps += 1
        return steps == 3
      }, onEvent: { _ in })
    let members = (first.state.numbers.members ?? []).filter { $0.name != "rollback" }
    try #require(members.count + 1 == first.state.numbers.members?.count)
    let next = try Self.trainer(Self.linear, Self.rolling(2), rows: Self.rows)
    #expect(
      try next.restore(TrainerState(tensors: first.state.tensors, numbers: .object(members))))
    #expect(Self.told(next).end.contains("the run does not know where the epoch began"))
  }
}
