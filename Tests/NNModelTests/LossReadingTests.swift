import NNDiagnostics
import NNGraph
import NNModel
import NNTensor
import Testing

/// Which values and targets losses take, and what is said where they do not fit.
@Suite struct LossReadingTests {
  private static let layers =
    "  - {dense: 3, id: one, from: a}\n  - {dense: 3, id: two, from: b}\n"
    + "  - {dense: 3, id: three, from: a}"

  private static func outcome(
    _ loss: String, targets: [(String, TargetType)] = [], layers: String? = nil
  ) -> Outcome {
    model(
      layers ?? LossReadingTests.layers,
      rest: "loss: \(loss)\noptimizer: adam\ntrain: {epochs: 1}\n",
      inputs: [("a", [4]), ("b", [4])], targets: targets)
  }

  @Test func `a loss takes as many values as it compares`() throws {
    let three = LossReadingTests.outcome("{triplet: 0.5, from: [one, two, three]}")
    #expect(three.messages == [])
    let lowered = try #require(three.lowered)
    #expect(lowered.heads.isEmpty)
    #expect(lowered.terms.map(\.name) == ["triplet"])
    #expect(lowered.embeddings.map(\.name) == ["one", "two", "three"])
  }

  @Test func `losses with and without a target stand side by side`() throws {
    let both = LossReadingTests.outcome(
      """
      [{cross_entropy: , from: three}, {nt_xent: , from: [one, two], weight: 0.1}, \
      {nt_xent: , from: [one, three], weight: 0.2}]
      """, targets: [("y", .category(classes: ["u", "v", "w"]))])
    #expect(both.messages == [])
    let lowered = try #require(both.lowered)
    #expect(lowered.terms.map(\.name) == ["y", "nt_xent", "nt_xent_2"])
    #expect(lowered.terms.map(\.weight) == [1, 0.1, 0.2])
    #expect(lowered.embeddings.map(\.name) == ["one", "two", "three"])
    #expect(lowered.graph.needsWholeBatch)
    #expect(both.spec?.lossNames == [nil, "nt_xent", "nt_xent_2"])
  }

  @Test func `a layer that names a target is as wide as its loss wants`() {
    let number = model(
      "  - dense: y", rest: "loss: {quantile: [0.1, 0.9]}\noptimizer: adam\ntrain: {epochs: 1}\n",
      targets: [("y", .number([3]))])
    #expect(number.messages == [])
    #expect(number.layers == ["dense_1 [6]"])
    let ordered = model(
      "  - dense: y", rest: "loss: {ordinal: , target: y}\noptimizer: adam\ntrain: {epochs: 1}\n",
      targets: [("y", .category(classes: ["u", "v", "w"]))])
    #expect(ordered.messages == [])
    #expect(ordered.layers == ["dense_1 [2]"])
    #expect(
      ordered.lowered.map { $0.heads.map { head in ordered.shape(head.prediction) } } == [[3]])
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let loss: String
    let code: String
    let parts: [String]
    var targets: [(String, TargetType)] = []

    var testDescription: String { loss }
  }

  private static let same = [("same", TargetType.binary(positive: "yes"))]

  @Test(arguments: [
    Mistake(loss: "triplet", code: "missing-from", parts: ["'triplet'", "3 values"]),
    Mistake(
      loss: "{triplet: 1, from: [one, two]}", code: "loss-mismatch",
      parts: ["'triplet' takes 3 values, found 2"]),
    Mistake(
      loss: "{contrastive: , from: one}", code: "loss-mismatch",
      parts: ["'contrastive' takes 2 values, found 1"], targets: same),
    Mistake(
      loss: "{mse: , from: [one, two]}", code: "loss-mismatch",
      parts: ["'mse' takes one value, found 2"], targets: [("y", .number([3]))]),
    Mistake(
      loss: "{contrastive: , from: [one, nowhere]}", code: "unknown-reference",
      parts: ["'nowhere'"], targets: same),
    Mistake(
      loss: "{contrastive: , from: [one, two]}", code: "missing-target",
      parts: ["the data has none"]
    ),
    Mistake(
      loss: "{nt_xent: , from: [one, two], target: same}", code: "loss-mismatch",
      parts: ["not with a target"], targets: same),
    Mistake(
      loss: "{cross_entropy: {class_weights: {u: -1}}, from: one}", code: "out-of-range",
      parts: ["-1", "at least 0"], targets: [("y", .category(classes: ["u", "v", "w"]))]),
    Mistake(
      loss: "{cross_entropy: {class_weights: []}, from: one}", code: "wrong-type",
      parts: ["a number for each class", "an empty list"],
      targets: [("y", .category(classes: ["u", "v", "w"]))]),
    Mistake(
      loss: "{cross_entropy: {class_weights: {x: 2}}, from: one}", code: "loss-mismatch",
      parts: ["'x'"], targets: [("y", .category(classes: ["u", "v", "w"]))]),
    Mistake(
      loss: "{quantile: 1, from: one}", code: "out-of-range", parts: ["1 is out of range"],
      targets: [("y", .number([3]))]),
    Mistake(
      loss: "{quantile: [], from: one}", code: "wrong-type", parts: ["an empty list"],
      targets: [("y", .number([3]))]),
    Mistake(
      loss: "{nt_xent: 0, from: [one, two]}", code: "out-of-range", parts: ["0 is out of range"]),
  ])
  func `what does not fit is said where it stands`(_ mistake: Mistake) throws {
    let outcome = LossReadingTests.outcome(mistake.loss, targets: mistake.targets)
    #expect(outcome.lowered == nil)
    let found = try #require(outcome.diagnostics.first { $0.code == mistake.code })
    for part in mistake.parts { #expect(found.message.contains(part), "\(found.message)") }
    #expect(found.range != .beginning)
    #expect(outcome.diagnostics.filter { !$0.code.hasPrefix("unused") }.count == 1)
  }

  @Test func `a metric needs a target`() {
    let outcome = model(
      LossReadingTests.layers,
      rest: """
        loss: {triplet: , from: [one, two, three]}
        optimizer: adam
        train: {epochs: 1}
        metrics: [mae]
        """, inputs: [("a", [4]), ("b", [4])], targets: [])
    #expect(outcome.diagnostics.map(\.code) == ["metric-mismatch"])
  }

  @Test func `a target that no loss compares with is called unused`() {
    let outcome = LossReadingTests.outcome(
      "{triplet: , from: [one, two, three]}", targets: LossReadingTests.same)
    #expect(outcome.diagnostics.map(\.code) == ["unused-target"])
  }
}

extension Outcome {
  fileprivate func shape(_ value: Value) -> Shape? { lowered?.graph.type(value).shape }
}
