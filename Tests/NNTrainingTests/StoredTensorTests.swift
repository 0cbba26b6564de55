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

/// Parameters that begin as tensors of a file.
@Suite struct StoredTensorTests {
  private static let weight = Tensor([2, 2], [0.5, -1, 2, 0.25])
  private static let bias = Tensor([2], [3, -3])

  private static func text(_ folder: String) -> String {
    """
    nnc: 1
    data:
      source: {rows: {values: [[0, 1, 1], [1, 3, 2], [2, 5, 4], [3, 7, 0]], columns: [a, b, y]}}
      inputs: {x: [a, b]}
      targets: {y: y}
    model:
      - dense:
          units: 2
          weight_init: {from_file: {file: parts/other.safetensors, tensor: stem.weight}}
          bias_init: {from_file: {file: parts/other.safetensors, tensor: stem.bias}}
      - {dense: {units: 2, weight_init: {from_file: {file: parts/other.safetensors,
         tensor: stem.weight}}}, weight_norm: true}
      - dense: y
    loss: mse
    optimizer: {sgd: 0.001}
    train: {epochs: 1, batch: 2}
    checkpoint: {folder: \(folder)/runs}
    """
  }

  private static func check(_ folder: String, depth: DataDepth = .everything)
    -> Checked<CheckedModel>
  {
    ModelFile.check(Array(text(folder).utf8), name: "a.yaml", directory: folder, depth: depth)
  }

  @Test func `parameters begin as the file says, and a checkpoint needs the file no more`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "nnc-stored-\(UInt64.random(in: 0...UInt64.max))").path
    let parts = folder + "/parts"
    try FileManager.default.createDirectory(atPath: parts, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Without the data no file is read.
    #expect(Self.check(folder, depth: .none).diagnostics.map(\.code) == [])
    #expect(Self.check(folder).diagnostics.map(\.code) == ["file-not-found"])

    let digest = try Checkpoint(tensors: [
      .init("stem.weight", Self.weight), .init("stem.bias", Self.bias),
    ]).write(to: parts + "/other.safetensors")
    let checked = Self.check(folder)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    let data = try #require(model.prepared)
    let trainer = try Trainer(model, data, threads: 1)
    let tensors = Dictionary(
      uniqueKeysWithValues: try trainer.bestTensors().map { ($0.name, $0.tensor) })
    #expect(tensors["dense_1.weight"] == Self.weight)
    #expect(tensors["dense_1.bias"] == Self.bias)
    #expect(tensors["dense_2.weight_v"] == Self.weight)
    let norms = [1.25, 4.0625].map { Float($0.squareRoot()) }
    #expect(tensors["dense_2.weight_g"]?.values == norms)

    let recorder = try RunRecorder(model, data, threads: 1)
    _ = try trainer.train { _ throws(TrainingError) in }
    try recorder.write(trainer)
    let metadata = try Checkpoint(contentsOf: recorder.folder.best)
    let digests = try JSONValue.parse(Array(try #require(metadata[.dataDigests]).utf8))
    #expect(digests["parts/other.safetensors"]?.stringValue == digest.hexadecimal)

    try FileManager.default.removeItem(atPath: parts)
    let trained = try TrainedModel(recorder.folder.best, threads: 1)
    let figures = try trained.evaluator.evaluate(
      try trained.samples(.train, directory: folder))
    #expect(try figures["loss"] == trainer.evaluate(.train)["loss"])
  }
}
