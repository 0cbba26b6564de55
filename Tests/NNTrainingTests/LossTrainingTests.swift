import NNCheckpoint
import NNData
import NNDiagnostics
import NNJSON
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What becomes of a loss outside of it: weights of samples, sequences with padding, and what is
/// predicted where it is more than a class or a number.
@Suite struct LossTrainingTests {
  /// A model trained on a table, read back from its checkpoint.
  private final class SmallRun {
    let model: TrainedModel
    private let folder: URL

    /// - file: without nnc, name, optimizer and train.
    init(_ file: String, csv: String, epochs: Int = 1, batch: Int = 64) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "nnc-loss-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try csv.write(to: folder.appending(path: "data.csv"), atomically: true, encoding: .utf8)
      let text = """
        nnc: 1
        name: small
        \(file)
        optimizer: {sgd: 0.05}
        train: {epochs: \(epochs), batch: \(batch), shuffle: false}
        checkpoint: {folder: \(folder.appending(path: "runs").path)}
        """
      let checked = ModelFile.check(
        Array(text.utf8), name: "small.yaml", directory: folder.path, depth: .everything)
      let checkedModel = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
      let data = try #require(checkedModel.prepared)
      let trainer = try Trainer(checkedModel, data, threads: 2)
      let recorder = try RunRecorder(checkedModel, data, threads: 2)
      _ = try trainer.train { _ in }
      try recorder.write(trainer)
      model = try TrainedModel(recorder.folder.last, threads: 2)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func figures() throws -> Figures {
      try model.evaluator.evaluate(model.samples(.train, directory: folder.path))
    }

    /// Of the first rows of a table.
    func predictions(_ csv: String) throws -> Predictions {
      let file = folder.appending(path: "new.csv")
      try csv.write(to: file, atomically: true, encoding: .utf8)
      let table = try #require(model.preprocessing.readTable(path: file.path).0)
      return try Predictions(model, model.samples(of: table, needTargets: false).table)
    }
  }

  private static func line(_ extra: String) -> String {
    """
    data:
      source: data.csv
      inputs: {x: a}
      targets: {y: b}
      \(extra)
    model: [{dense: 3, activation: tanh}, {dense: y}]
    loss: mse
    metrics: [mae]
    """.replacing("{dense: 3, activation: tanh}", with: "{dense: {units: 3, activation: tanh}}")
  }

  @Test func `a weight counts a row as often as it says, and none leaves it out`() throws {
    let weighted = try SmallRun(
      LossTrainingTests.line("weight: w"),
      csv: "a,b,w\n1,2,2\n0.5,9,0\n-1,0.5,1\n0.25,-1,1\n", epochs: 30)
    let repeated = try SmallRun(
      LossTrainingTests.line(""), csv: "a,b\n1,2\n1,2\n-1,0.5\n0.25,-1\n", epochs: 30)
    let (own, other) = (try weighted.figures(), try repeated.figures())
    let (loss, expected) = (try #require(own["loss"]), try #require(other["loss"]))
    #expect(abs(loss - expected) < 1e-5 * expected)
    // Metrics count every row once.
    let (error, without) = (try #require(own["mae"]), try #require(other["mae"]))
    #expect(error > without + 1)
    let cells = try weighted.predictions("a\n1\n").rows[0].compactMap(\.doubleValue)
    let same = try repeated.predictions("a\n1\n").rows[0].compactMap(\.doubleValue)
    #expect(abs(cells[0] - same[0]) < 1e-5)
  }

  @Test func `a sequence of categories is trained, judged and predicted place by place`() throws {
    let run = try SmallRun(
      """
      data:
        source: data.csv
        inputs: {x: [a, b]}
        targets: {tags: {columns: "t_*", type: category, missing: ignore}}
      model: [{dense: 6}, {reshape: [3, 2]}]
      loss: cross_entropy
      metrics: [accuracy]
      """, csv: "a,b,t_1,t_2,t_3\n1,0,u,v,\n0,1,v,,\n1,1,u,v,u\n0,0,,,\n", epochs: 400)
    // Six places have a class; all of them can be learnt.
    #expect(try run.figures()["accuracy"] == 1)
    let predictions = try run.predictions("a,b\n1,0\n0,1\n")
    #expect(predictions.columns == ["tags.t_1", "tags.t_2", "tags.t_3"])
    #expect(predictions.rows[0].prefix(2) == ["u", "v"])
    #expect(predictions.rows[1].first == "v")
  }

  @Test func `quantiles have a column each, in the data's unit`() throws {
    let run = try SmallRun(
      """
      data:
        source: data.csv
        inputs: {x: a}
        targets: {y: {columns: [b, c], scale: min_max}}
      model: [{dense: y}]
      loss: {quantile: [0.1, 0.5, 0.9]}
      """, csv: "a,b,c\n1,200,-10\n0,100,-20\n0.5,150,-15\n", epochs: 3000)
    let predictions = try run.predictions("a\n0.5\n")
    #expect(
      predictions.columns
        == ["y.b.q0.1", "y.b.q0.5", "y.b.q0.9", "y.c.q0.1", "y.c.q0.5", "y.c.q0.9"])
    let numbers = predictions.rows[0].compactMap(\.doubleValue)
    #expect(numbers.prefix(3).allSatisfy { abs($0 - 150) < 30 }, "\(numbers)")
    #expect(numbers.suffix(3).allSatisfy { abs($0 + 15) < 3 }, "\(numbers)")
  }

  @Test func `a normal distribution is predicted by its mean and its deviation`() throws {
    let rows = (0..<40).map { "0,\($0 % 2 == 0 ? 90 : 110)\n" }.joined()
    let run = try SmallRun(
      """
      data:
        source: data.csv
        inputs: {x: a}
        targets: {y: {column: b, scale: standard}}
      model: [{dense: y}]
      loss: gaussian_nll
      metrics: [mae]
      """, csv: "a,b\n" + rows, epochs: 300)
    let predictions = try run.predictions("a\n0\n")
    #expect(predictions.columns == ["y", "y.deviation"])
    let numbers = predictions.rows[0].compactMap(\.doubleValue)
    #expect(abs(numbers[0] - 100) < 0.5 && abs(numbers[1] - 10) < 0.5, "\(numbers)")
    #expect(abs(try #require(run.figures()["mae"]) - 10) < 0.1)
  }

  @Test func `what is spelt is read without blanks and repetitions`() throws {
    let run = try SmallRun(
      """
      data:
        source: data.csv
        inputs: {x: [a, b]}
        targets: {word: {columns: [l_1, l_2], type: category, missing: ignore}}
      model: [{dense: 15}, {reshape: [5, 3]}]
      loss: ctc
      """, csv: "a,b,l_1,l_2\n1,0,u,v\n0,1,v,\n1,1,u,u\n", epochs: 600)
    let predictions = try run.predictions("a,b\n1,0\n0,1\n1,1\n")
    #expect(predictions.columns == ["word"])
    #expect(predictions.rows == [["u v"], ["v"], ["u u"]])
  }

  private static let pairs = """
    data:
      source: data.csv
      inputs: {left: [a, b], right: [c, d]}
    """

  @Test func `two embeddings are told to be the same or not`() throws {
    let run = try SmallRun(
      LossTrainingTests.pairs
        + """

          targets: {same: {type: binary}}
        model:
          - {dense: 4, id: one, from: left}
          - {dense: 4, id: two, from: right, tie: one}
        loss: {contrastive: {margin: 2}, from: [one, two], target: same}
        metrics: [accuracy]
        """.replacing("    targets", with: "  targets"),
      csv: "a,b,c,d,same\n1,0,1,0,yes\n0,1,0,1,yes\n1,0,0,1,no\n0,1,1,0,no\n", epochs: 200)
    #expect(try run.figures()["accuracy"] == 1)
    let predictions = try run.predictions("a,b,c,d\n1,0,1,0\n1,0,0,1\n")
    #expect(predictions.columns == ["same", "same.yes"])
    #expect(predictions.rows.map(\.first) == ["yes", "no"])
  }

  @Test func `a model without a target predicts what it compares`() throws {
    let run = try SmallRun(
      LossTrainingTests.pairs + """

        model:
          - {dense: 3, id: one, from: left}
          - {dense: 3, id: two, from: right}
        loss: {nt_xent: 0.5, from: [one, two]}
        """, csv: "a,b,c,d\n1,0,1,0\n0,1,0,1\n1,1,0,1\n-1,0,1,0\n0,-1,0,2\n", epochs: 20, batch: 2)
    let loss = try #require(run.figures()["loss"])
    #expect(loss.isFinite && loss < 1.2)
    let predictions = try run.predictions("a,b,c,d\n1,0,1,0\n")
    #expect(predictions.columns == ["one.0", "one.1", "one.2", "two.0", "two.1", "two.2"])
    #expect(predictions.rows[0].count == 6)
  }

  @Test(arguments: [("shards: 2", "conflicting-fields"), ("batch: 8193", "out-of-range")])
  func `a loss that compares a whole batch refuses to cut it, or too large a one`(
    _ field: String, _ code: String
  ) {
    let text = """
      nnc: 1
      name: small
      data:
        source: {rows: {columns: [a, b], values: [[1, 2], [2, 1]]}}
        inputs: {left: a, right: b}
      model: [{dense: 2, id: one, from: left}, {dense: 2, id: two, from: right}]
      loss: {nt_xent: , from: [one, two]}
      optimizer: adam
      train: {epochs: 1, \(field)}
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "small.yaml", directory: "/", depth: .everything)
    #expect(checked.diagnostics.map(\.code) == [code])
    #expect(checked.diagnostics.first?.range.start.line == 9)
  }
}
