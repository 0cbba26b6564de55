import NNCheckpoint
import NNJSON
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Schedules that answer to figures, in training.
@Suite struct PlateauTests {
  private static func text(_ folder: String) -> String {
    """
    nnc: 1
    data:
      source: {rows: {values: [[0, 1], [1, 3], [2, 5], [3, 7]], columns: [x, y]}}
      inputs: {x: x}
      targets: {y: y}
    model: [dense: y]
    loss: mse
    optimizer:
      sgd: {lr: 0.01}
      schedule:
        - {constant: 1, steps: 4}
        - {reduce_on_plateau: {monitor: train.loss, factor: 0.5, patience: 0,
           threshold: 1000, threshold_mode: absolute}}
    train: {epochs: 7, batch: 2}
    checkpoint: {folder: \(folder)}
    """
  }

  @Test func `the rate falls when the figure stays, and the run keeps what it needs to go on`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "nnc-plateau-\(UInt64.random(in: 0...UInt64.max))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let checked = ModelFile.check(
      Array(Self.text(folder.path).utf8), name: "a.yaml", directory: "", depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    let data = try #require(model.prepared)
    let trainer = try Trainer(model, data, threads: 1)
    let recorder = try RunRecorder(model, data, threads: 1)
    var rates: [Double] = []
    _ = try trainer.train { event throws(TrainingError) in
      if case .epoch(let report) = event { rates.append(report.rate) }
    }
    // Two epochs belong to the first schedule; the third brings the figure to beat.
    #expect(rates == [0.01, 0.01, 0.01, 0.01, 0.005, 0.0025, 0.00125])
    try recorder.write(trainer)
    let state = try Checkpoint(contentsOf: recorder.folder.state)
    let numbers = try JSONValue.parse(try #require(state.trainer))
    #expect(numbers["schedules"]?["schedule"]?[1]?["factor"]?.doubleValue == 0.0625)
    #expect(try Checkpoint(contentsOf: recorder.folder.last).trainer == nil)

    let other = try Trainer(model, data, threads: 1)
    let tensors = state.tensors.map { ($0.name, $0.tensor) }
    #expect(try other.restore(TrainerState(tensors: tensors, numbers: numbers)))
    #expect(other.rate(at: 13) == trainer.rate(at: 13))
    #expect(other.rate(at: 13) == 0.000625)
    var broken = numbers.members ?? []
    broken.removeAll { $0.name == "schedules" }
    broken.append(.init("schedules", ["schedule": [["factor": 1]]]))
    #expect(try !other.restore(TrainerState(tensors: tensors, numbers: .object(broken))))
  }
}
