import NNDiagnostics
import NNTraining
import Testing

/// Weights that make classes count alike are numbers from the training rows, and recorded as such.
@Suite struct BalancedWeightTests {
  private func resolved(_ loss: String, fold: Int? = nil) throws -> String {
    let text = """
      nnc: 1
      data:
        source: {rows: {columns: [x, y, z], values: [[1, a, u], [2, a, v], [3, b, v], [4, a, v]]}}
        split: {train: 0.75, test: 0.25, shuffle: false}
        inputs: {x: x}
        targets:
          y: {type: category, classes: [a, b]}
      model:
        - dense: y
      loss: \(loss)
      optimizer: {sgd: 0.1}
      train: {epochs: 1}
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "model.yaml", directory: "", depth: .everything, fold: fold)
    #expect(checked.diagnostics.map(\.message) == [])
    return try #require(checked.value).file.resolvedText
  }

  // The fourth row is not trained on: 3 / (2 · 2) and 3 / (2 · 1).
  @Test func `balanced weights are those of the training rows`() throws {
    let text = try resolved("{cross_entropy: {class_weights: balanced}}")
    #expect(text.contains("[0.75, 1.5]") || text.contains("- 0.75"), "\(text)")
    #expect(!text.contains("balanced"))
  }

  @Test func `what is recorded gives the same model`() throws {
    let weights = "{cross_entropy: {class_weights: [0.75, 1.5]}}"
    #expect(
      try resolved("{cross_entropy: {class_weights: balanced}}") == resolved(weights))
  }

  /// Two categories, so that a loss must say whose classes it weighs.
  private func findings(_ loss: String) -> [String] {
    let text = """
      nnc: 1
      data:
        source:
          rows: {columns: [x, a, b], values: [[0, u, v], [1, w, v], [2, u, q], [3, u, v]]}
        inputs: {x: x}
        targets: {a: {column: a, type: category}, b: {column: b, type: category}}
      model: [{dense: 4, id: trunk}, {dense: a}, {dense: b, from: trunk}]
      loss: \(loss)
      optimizer: {sgd: 0.1}
      train: {epochs: 1, batch: 2}
      """
    return ModelFile.check(
      Array(text.utf8), name: "two.yaml", directory: "", depth: .everything
    ).diagnostics.map(\.message)
  }

  @Test func `of two targets each has its own weights, and one that is not named is an error`() {
    let named =
      "[{cross_entropy: {class_weights: balanced}, target: a}, {cross_entropy: , target: b}]"
    #expect(findings(named) == [])
    let unnamed = "{cross_entropy: {class_weights: balanced}}"
    #expect(
      findings(unnamed).contains(
        "'class_weights: balanced' does not tell which target's classes are counted"))
  }
}
