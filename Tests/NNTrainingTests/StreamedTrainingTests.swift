import NNCheckpoint
import NNData
import NNDiagnostics
import NNJSON
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Training on samples in files gives the bytes that training on those in memory gives.
@Suite struct StreamedTrainingTests {
  private static let table = {
    let stream = RandomStream(seed: 5, purpose: "table")
    var text = (1...16).map { "x\($0)" }.joined(separator: ",") + ",colour,weight,size,kind\n"
    for row in 0..<6000 {
      let x = (0..<16).map { Double(stream.integer(below: 2001, at: UInt64(row), step: $0)) / 1000 }
      let colour = ["red", "green", "blue"][row % 3]
      let kind = x[0] + x[1] > 2 ? "large" : x[2] > 1 ? "odd" : "small"
      text += x.map { "\($0)" }.joined(separator: ",")
      text += ",\(colour),\(row % 4),\(x[3] * x[4]),\(kind)\n"
    }
    return text
  }()

  private final class Run {
    let model: CheckedModel
    let data: PreparedData
    let trainer: Trainer

    init(_ folder: URL, memory: String, threads: Int, train: String = "") throws {
      let text = """
        nnc: 1
        name: large
        seed: 3
        data:
          source: table.csv
          memory: \(memory)
          split: {train: 0.8, validation: 0.1, test: 0.1}
          inputs:
            x: {columns: x*, scale: standard}
            colour: {column: colour, type: category, encode: index}
          targets:
            size: {column: size, scale: standard}
            kind: {column: kind, type: category}
          weight: weight
        model:
          - {id: hue, embedding: 4, from: colour}
          - {concat: [x, hue], id: all}
          - {id: hidden, dense: {units: 16, activation: relu}}
          - dropout: 0.1
          - {id: trunk, dense: 8}
          - {dense: size, from: trunk}
          - {dense: kind, from: trunk}
        loss:
          - {mse: {}, target: size}
          - {cross_entropy: {class_weights: balanced}, target: kind}
        optimizer: {adamw: {lr: 3e-3}}
        train: {epochs: 2, batch: 100\(train)}
        metrics: [accuracy, r2]
        """
      let checked = ModelFile.check(
        Array(text.utf8), name: "large.yaml", directory: folder.path, depth: .everything)
      model = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
      data = try #require(model.prepared)
      trainer = try Trainer(model, data, threads: threads)
    }

    /// What a lock says of the samples.
    var digest: String {
      get throws {
        try LockConditions(model, data, files: model.digestedFiles(data)).samples
      }
    }

    /// The weights after training, and all figures on the way.
    func outcome() throws -> (weights: [[Float]], figures: [String]) {
      var figures: [String] = []
      _ = try trainer.train { event throws(TrainingError) in
        if case .epoch(let report) = event { figures.append(report.json.serialized()) }
      }
      for split in SplitName.allCases {
        figures.append(try trainer.evaluate(split).json.serialized())
      }
      return (try trainer.lastTensors().map { Array($0.tensor.values) }, figures)
    }
  }

  @Test(arguments: ["", ", accumulate: 3", ", shuffle: false"])
  func `any number of threads, files or memory, gives the same weights`(_ train: String) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-large-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(Self.table.utf8).write(to: folder.appending(path: "table.csv"))
    let whole = try Run(folder, memory: "1 GB", threads: 2, train: train)
    #expect(whole.data.splits.values.allSatisfy { $0.file == nil })
    let expected = try whole.outcome()
    for threads in 1...3 {
      let streamed = try Run(folder, memory: "1 MB", threads: threads, train: train)
      #expect(streamed.data.splits.values.allSatisfy { $0.file != nil })
      #expect(try streamed.digest == whole.digest)
      let outcome = try streamed.outcome()
      #expect(outcome.weights == expected.weights)
      #expect(outcome.figures == expected.figures)
    }
  }
}
