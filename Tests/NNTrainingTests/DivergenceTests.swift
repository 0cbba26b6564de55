import NNData
import NNDiagnostics
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A loss that is no number stops training and says where it came up.
@Suite struct DivergenceTests {
  private func message(_ model: String, _ rest: String, rows: Int = 12) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-nan-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let lines = (0..<rows).map { "\($0 == 7 ? "500" : "\($0)"),\($0 * 2)" }
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
    let trainer = try Trainer(file, try #require(file.prepared), threads: 2)
    do {
      _ = try trainer.train { _ in }
    } catch {
      return error.message
    }
    return "it trained"
  }

  @Test func `the layer and the sample are named where it came up`() throws {
    let text = try message(
      "[{id: first, dense: {units: 1, weight_init: ones, bias_init: zeros}}, {id: big, activation: exp}, "
        + "{id: last, dense: y}]",
      "optimizer: {sgd: 1e-30}\ntrain: {epochs: 1, batch: 12, shuffle: false, shards: 3}",
      rows: 24)
    #expect(text.contains("the loss was infinite at step 1"), "\(text)")
    #expect(text.contains("it came up in 'big'"), "\(text)")
    #expect(text.contains("of sample 8 of the batch (row 8 of the data)"), "\(text)")
  }

  @Test func `a rate that is too large is the step before's`() throws {
    let text = try message(
      "[{id: first, dense: 4}, {id: last, dense: y}]",
      "optimizer: {sgd: 1e30}\ntrain: {epochs: 9, batch: 12}")
    #expect(text.contains("training diverged"))
    #expect(text.contains("came up in") || text.contains("was so before the batch"), "\(text)")
  }
}
