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

/// What is predicted of rows to come is in their own unit, under names that say which step it is.
@Suite struct WindowTrainingTests {
  private final class Run {
    let model: TrainedModel
    let folder: URL

    init(_ data: String, layers: String, csv: String, loss: String = "mse") throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "nnc-windows-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try csv.write(to: folder.appending(path: "data.csv"), atomically: true, encoding: .utf8)
      let text = """
        nnc: 1
        name: small
        data:
          source: data.csv
        \(data)
        model:
        \(layers)
        loss: \(loss)
        optimizer: {sgd: 1e-9}
        train: {epochs: 1, batch: 64}
        metrics: [\(loss == "mse" ? "mae" : "accuracy")]
        checkpoint: {folder: \(folder.appending(path: "runs").path)}
        """
      let checked = ModelFile.check(
        Array(text.utf8), name: "small.yaml", directory: folder.path, depth: .everything)
      let checkedModel = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
      let trainer = try Trainer(checkedModel, try #require(checkedModel.prepared), threads: 2)
      let recorder = try RunRecorder(
        checkedModel, try #require(checkedModel.prepared), threads: 2)
      _ = try trainer.train { _ in }
      try recorder.write(trainer)
      model = try TrainedModel(recorder.folder.last, threads: 2)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func predictions() throws -> Predictions {
      let path = folder.appending(path: "data.csv").path
      let table = try #require(model.preprocessing.readTable(path: path).0)
      let (samples, prepared) = try model.samples(of: table, needTargets: false)
      return try Predictions(model, samples, series: prepared.series)
    }
  }

  /// Two series whose level and load grow by 10 % and 20 % a row, from 1 and from 50.
  private static let csv =
    "who,t,level,load,word\n"
    + ["a", "b"].map { (name: String) -> String in
      var (level, load) = name == "a" ? (1.0, 2.0) : (50.0, 60.0)
      return (0..<12).map { (row: Int) -> String in
        defer { (level, load) = (level * 1.1, load * 1.2) }
        return "\(name),\(row),\(level),\(load),\(row % 3 == 0 ? "x" : "y")\n"
      }.joined()
    }.joined()

  @Test func `a network that says nothing predicts the last row, in its own unit`() throws {
    let run = try Run(
      """
        windows: {length: 4, horizon: 2, time: t, series: who}
        inputs: {past: {columns: [level, load], relative: last, scale: standard}}
        targets: {next: {columns: [level, load], relative: last, scale: {factor: 0.5}}}
      """,
      layers: """
          - flatten
          - dense: {units: next, weight_init: zeros, bias: false}
        """, csv: Self.csv)
    let predictions = try run.predictions()
    #expect(
      predictions.columns
        == ["who", "next.level.1", "next.load.1", "next.level.2", "next.load.2"])
    let lines = Self.csv.split(separator: "\n").map { $0.split(separator: ",") }
    for (row, last) in zip(predictions.rows, [lines[12], lines[24]]) {
      #expect(row[0].stringValue == String(last[0]))
      let (level, load) = (try #require(Double(last[2])), try #require(Double(last[3])))
      for (found, wanted) in zip(row.dropFirst(), [level, load, level, load]) {
        #expect(abs(try #require(found.doubleValue) - wanted) < 1e-4 * wanted)
      }
    }
    // The error of saying that nothing changes, in each column's unit.
    var (sum, count) = (0.0, 0)
    for first in [1, 13] {
      for start in first...first + 6 {
        for step in 4..<6 {
          for column in 2...3 {
            let now = try #require(Double(lines[start + 3][column]))
            sum += abs(try #require(Double(lines[start + step][column])) - now)
            count += 1
          }
        }
      }
    }
    let figures = try run.model.evaluator.evaluate(
      run.model.samples(.train, directory: run.folder.path))
    #expect(abs(try #require(figures["mae"]) - sum / Double(count)) < 1e-4 * sum / Double(count))
    let path = run.folder.appending(path: "data.csv").path
    let table = try #require(run.model.preprocessing.readTable(path: path).0)
    let again = try run.model.evaluator.evaluate(
      run.model.samples(of: table, needTargets: true).table)
    #expect(again == figures)
  }

  @Test func `of a sequence moved on, what follows the last row is told`() throws {
    let run = try Run(
      """
        windows: {length: 4, time: t, series: who}
        inputs: {words: {column: word, type: category, encode: index}}
        targets: {next: {column: word, type: category, shift: 1}}
      """,
      layers: """
          - embedding: 4
          - gru: {units: 4, sequence: true}
          - dense: next
        """, csv: Self.csv, loss: "cross_entropy")
    let predictions = try run.predictions()
    #expect(predictions.columns == ["who", "next", "next.x", "next.y"])
    #expect(predictions.rows.count == 2)
    let row = try #require(predictions.rows.first)
    let shares = row.dropFirst(2).compactMap(\.doubleValue)
    #expect(abs(shares.reduce(0, +) - 1) < 1e-5)
    #expect(row[1].stringValue == (shares[0] > shares[1] ? "x" : "y"))
  }
}
