import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The file that a checkpoint carries, in which variables and blocks are put in.
@Suite struct ResolvedFileTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Golden/diagnostics/valid")

  private func check(_ text: String, seed: Int? = nil) throws -> CheckedModel {
    let checked = ModelFile.check(
      Array(text.utf8), name: "model.yaml", directory: ResolvedFileTests.folder.path,
      depth: .everything, seed: seed)
    #expect(checked.diagnostics.map(\.message) == [])
    return try #require(checked.value)
  }

  private func described(_ model: CheckedModel) -> [String] {
    let graph = model.lowered.graph
    return graph.parameters.map { "\($0.name) \(graph.type($0.value).shape) \($0.isTrained)" }
      + model.lowered.layers.map { "\($0.path) \($0.word)" }
  }

  private var text: String {
    get throws {
      try String(
        contentsOf: ResolvedFileTests.folder.appending(path: "variables-and-blocks.yaml"),
        encoding: .utf8)
    }
  }

  @Test func `a file with variables and blocks is the same model once they are put in`() throws {
    let model = try check(text)
    let resolved = model.file.resolvedText
    #expect(!resolved.contains("${"))
    let again = try check(resolved)
    #expect(described(again) == described(model))
    #expect(again.file.spec.name == "flowers-8")
    #expect(again.file.spec.train.batch == 4)
    #expect(again.file.resolvedText == resolved)
  }

  @Test func `a seed of the command line replaces one that is computed`() throws {
    let model = try check("seed: ${width}\n" + text, seed: 99)
    #expect(model.file.spec.seed == 99)
    let again = try check(model.file.resolvedText)
    #expect(again.file.spec.seed == 99)
    #expect(try check("seed: ${width}\n" + text).file.spec.seed == 8)
  }

  @Test func `signs that are no expression stay what they are`() throws {
    let model = try check("description: costs $${x} or $5\n" + text)
    #expect(model.file.spec.description == "costs ${x} or $5")
    let again = try check(model.file.resolvedText)
    #expect(again.file.spec.description == "costs ${x} or $5")
  }
}
