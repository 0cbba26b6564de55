import NNCatalogue
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import NNYAML
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Predictions beside the truth, and what scikit-learn says of them; see
/// Scripts/fixtures/README.md.
struct MetricFixture: Sendable, CustomTestStringConvertible {
  struct Figure: Sendable {
    /// As in a model file.
    let metric: String
    let value: MetricValue
  }

  let name: String
  let target: TargetType
  let predictions: [[Float]]
  let labels: [[Int32]]
  let truths: [[Float]]
  let figures: [Figure]

  var testDescription: String { name }

  static func all() throws -> [MetricFixture] {
    let folder = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/metrics")
    return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".json") }
      .map { file in
        try MetricFixture(
          JSONValue.parse(Array(try Data(contentsOf: folder.appending(path: file)))))
      }
  }

  private init(_ entry: JSONValue) throws {
    name = try #require(entry["name"]?.stringValue)
    let shape = Shape((entry["shape"]?.elements ?? []).compactMap(\.wholeNumber))
    let names = (entry["classes"]?.elements ?? []).compactMap(\.stringValue)
    predictions = entry.rows("predictions").map { $0.map { Float($0) } }
    labels = entry.rows("labels").map { $0.map { Int32($0) } }
    truths = entry.rows("truths").map { $0.map { Float($0) } }
    target =
      switch entry["kind"]?.stringValue {
      case "category": .category(classes: names, shape: shape)
      case "binary": .binary(positive: "yes")
      default: .number(shape)
      }
    figures = try #require(entry["figures"]?.members).map { member in
      guard let rows = member.value.elements else {
        return Figure(metric: member.name, value: .number(member.value.doubleValue ?? .nan))
      }
      let counts = rows.map { ($0.elements ?? []).compactMap(\.wholeNumber) }
      let classes = names.isEmpty ? ["not yes", "yes"] : names
      return Figure(
        metric: member.name, value: .table(CountTable(classes: classes, counts: counts)))
    }
  }

  var observations: [Observation] {
    predictions.indices.map { row in
      Observation(
        prediction: predictions[row][...], labels: labels.isEmpty ? [] : labels[row][...],
        truth: truths.isEmpty ? [] : truths[row][...])
    }
  }

  /// The metric that a model file means by the text.
  func metric(_ text: String) throws -> any Metric {
    let parsed = parseYAML(
      bytes: Array(
        """
        nnc: 1
        data: {}
        model: [{dense: 1}]
        loss: mse
        optimizer: {sgd: 0.1}
        train: {epochs: 1}
        metrics:
          - \(text)
        """.utf8), name: "fixture.yaml")
    var reader = Reader(file: "fixture.yaml", catalogue: .standard)
    let spec = parsed.node.flatMap { reader.readModel($0) }
    #expect(reader.diagnostics.map(\.message) == [])
    return try #require(spec?.metrics.first?.metric)
  }
}

extension JSONValue {
  fileprivate var wholeNumber: Int? { integerValue.map { Int($0) } }

  fileprivate func rows(_ name: String) -> [[Double]] {
    (self[name]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.doubleValue) }
  }
}
