import NNCheckpoint
@testable import NNData
import NNDiagnostics
import NNModel
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Samples that are mixed in training: the same bytes for any number of threads, weights that count,
/// and evaluations that see rows as they are. The mixed losses themselves are compared with PyTorch's
/// in FixtureTests.
@Suite struct MixedTrainingTests {
  private final class Run {
    let trainer: Trainer
    private let folder: URL

    init(
      _ train: String, threads: Int = 1, seed: Int = 1, weight: (Int) -> Double = { _ in 1 },
      weighs: Bool = false, transforms: String = "[flip, {shift: 0.2}]", isImage: Bool = true,
      fromDisk: Bool = false
    ) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "nnc-mixed-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      var table = (["y", "z", "w"] + (0..<48).map { "p\($0)" }).joined(separator: ",") + "\n"
      for row in 0..<60 {
        let pixels = (0..<48).map { String((row * 31 + $0 * $0 * 7 + row * $0) % 256) }
        let head = ["c\(row % 3)", String(row % 7), String(weight(row))]
        table += (head + pixels).joined(separator: ",") + "\n"
      }
      try Data(table.utf8).write(to: folder.appending(path: "rows.csv"))
      let images = isImage ? ", type: image, transforms: \(transforms)" : ""
      let text = """
        nnc: 1
        name: small
        seed: \(seed)
        data:
          source: rows.csv
          split: {train: 0.8, validation: 0.2}
          inputs:
            photo: {columns: p*, shape: [1, 6, 8], scale: {factor: 0.0039}\(images)}
          targets: {y: {column: y, type: category}, z: {column: z}}
        \(weighs ? "  weight: w\n" : "")
        model:
          - id: trunk
            conv2d: {filters: 4, kernel: 3, activation: relu}
          - flatten
          - id: flat
            dense: {units: 8, activation: relu}
          - dense: y
          - from: flat
            dense: z
        loss: [{cross_entropy: {}, target: y}, {mse: {}, target: z, weight: 0.1}]
        optimizer: {sgd: 0.05}
        train: {epochs: 2, batch: 20, shards: 3\(train)}
        """
      let checked = ModelFile.check(
        Array(text.utf8), name: "small.yaml", directory: folder.path, depth: .everything)
      let model = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
      var data = try #require(model.prepared)
      if fromDisk {
        var reader = Reader(file: "small.yaml", catalogue: Catalogue())
        var spec = model.file.data
        spec.memory = 1
        data = try #require(
          spec.load(baseDirectory: folder.path, modelSeed: UInt64(seed), &reader))
        try #require(data.splits[.train]?.file != nil)
      }
      trainer = try Trainer(model, data, threads: threads)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func losses() throws -> [Double] {
      var losses: [Double] = []
      _ = try trainer.train { if case .step(let report) = $0 { losses.append(report.loss) } }
      return losses
    }

    func weights() throws -> [[Float]] {
      _ = try trainer.train { _ in }
      return try trainer.lastTensors().map { Array($0.tensor.values) }
    }
  }

  private static let ways = [", mixup: 0.4", ", cutmix: 1", ", mixup: 0.4, cutmix: 1"]

  @Test(arguments: ways)
  func `the same bytes for any number of threads, others for another seed`(_ way: String) throws {
    let one = try Run(way, threads: 1).weights()
    #expect(try Run(way, threads: 2).weights() == one)
    #expect(try Run(way, threads: 3).weights() == one)
    #expect(try Run(way, threads: 2, seed: 2).weights() != one)
    #expect(try Run("", threads: 2).weights() != one)
  }

  @Test(arguments: ways)
  func `rows that are read from disk give the same bytes`(_ way: String) throws {
    let way = way + ", oversample: y"
    // Images made of columns are held in memory; without transforms they are numbers.
    let whole = try Run(way, threads: 2, isImage: false).weights()
    #expect(try Run(way, threads: 2, isImage: false, fromDisk: true).weights() == whole)
  }

  @Test(arguments: ways)
  func `an evaluation sees rows as they are`(_ way: String) throws {
    for split in [SplitName.train, .validation] {
      let mixed = try Run(way).trainer.evaluate(split)
      let plain = try Run("").trainer.evaluate(split)
      #expect(mixed["loss"] == plain["loss"])
      #expect(mixed["y.loss"] == plain["y.loss"])
    }
  }

  @Test(arguments: ways)
  func `the loss of the first step is linear in the weights of the rows`(_ way: String) throws {
    func first(_ weight: @escaping (Int) -> Double) throws -> Double {
      try #require(try Run(way, weight: weight, weighs: true).losses().first)
    }
    let (even, odd) = (try first { $0 % 2 == 0 ? 1 : 0 }, try first { $0 % 2 == 0 ? 0 : 3 })
    let both = try first { $0 % 2 == 0 ? 1 : 3 }
    #expect(even > 0.05 && odd > 0.05)
    #expect(abs(even + odd - both) < 1e-5 * both)
    #expect(abs(try first { _ in 1 } - #require(try Run(way).losses().first)) < 1e-5)
  }

  @Test func `transforms that change nothing leave a mixture as it is`() throws {
    let idle = "[{flip: {probability: 0}}]"
    for way in Self.ways {
      #expect(
        try Run(way, transforms: idle).weights() == Run(way, transforms: "[]").weights())
    }
  }
}
