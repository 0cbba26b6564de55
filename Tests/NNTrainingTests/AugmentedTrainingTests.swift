import NNCheckpoint
import NNData
import NNDiagnostics
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Images that are changed at random in training: the same bytes for any number of threads, and
/// nothing random where nothing is trained.
@Suite struct AugmentedTrainingTests {
  private final class Run {
    let trainer: Trainer
    let model: CheckedModel
    private let folder: URL

    init(_ transforms: String, threads: Int, seed: Int = 1, batch: Int = 20) throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "nnc-images-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let count = 60
      let pixels = (0..<count * 48).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 + $0 / 48 * 7) }
      let labels = (0..<count).map { UInt8($0 % 3) }
      try Data([0, 0, 8, 3, 0, 0, 0, UInt8(count), 0, 0, 0, 6, 0, 0, 0, 8] + pixels)
        .write(to: folder.appending(path: "x.idx"))
      try Data([0, 0, 8, 1, 0, 0, 0, UInt8(count)] + labels)
        .write(to: folder.appending(path: "y.idx"))
      let text = """
        nnc: 1
        name: small
        seed: \(seed)
        data:
          source: {idx: {columns: {x: x.idx, y: y.idx}}}
          split: {train: 0.8, validation: 0.2}
          inputs: {photo: {column: x, type: image, transforms: \(transforms)}}
          targets: {y: {column: y, type: category}}
        model: [{conv2d: {filters: 4, kernel: 3}}, flatten, {dense: y}]
        loss: cross_entropy
        optimizer: {sgd: 0.05}
        train: {epochs: 2, batch: \(batch)}
        """
      let checked = ModelFile.check(
        Array(text.utf8), name: "small.yaml", directory: folder.path, depth: .everything)
      model = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
      trainer = try Trainer(model, try #require(model.prepared), threads: threads)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func weights() throws -> [[Float]] {
      _ = try trainer.train { _ in }
      return try trainer.lastTensors().map { Array($0.tensor.values) }
    }
  }

  private static let random =
    "[flip, {rotate: 15}, {shift: 0.1}, {random_crop: 1}, {color_jitter: {brightness: 0.3, "
    + "contrast: 0.3}}, {cutout: 2}, {normalise: {mean: [0.5], deviation: [0.25]}}]"

  @Test func `the same bytes for any number of threads, others for another seed`() throws {
    let one = try Run(Self.random, threads: 1).weights()
    #expect(try Run(Self.random, threads: 2).weights() == one)
    #expect(try Run(Self.random, threads: 3).weights() == one)
    #expect(try Run(Self.random, threads: 2, seed: 2).weights() != one)
    let plain = "[{normalise: {mean: [0.5], deviation: [0.25]}}]"
    #expect(try Run(plain, threads: 2).weights() != one)
  }

  @Test func `transforms that change nothing leave the training as it is`() throws {
    let plain = "[{normalise: {mean: [0.5], deviation: [0.25]}}]"
    let idle =
      "[{flip: {probability: 0}}, {cutout: {size: 2, probability: 0}}, "
      + "{normalise: {mean: [0.5], deviation: [0.25]}}]"
    #expect(try Run(idle, threads: 2).weights() == Run(plain, threads: 2).weights())
  }

  @Test func `an evaluation of the training part sees what a prediction would`() throws {
    let plain = "[{normalise: {mean: [0.5], deviation: [0.25]}}]"
    for split in [SplitName.train, .validation] {
      let random = try Run(Self.random, threads: 2).trainer.evaluate(split)
      #expect(try random["loss"] == Run(plain, threads: 2).trainer.evaluate(split)["loss"])
    }
  }
}
