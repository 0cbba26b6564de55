package import NNDiagnostics
package import NNModel
package import NNYAML

/// The fields of `split`.
package struct SplitFields: Section {
  @Field("Share of the rows to train on.", range: .between(0, 1))
  package var train: Double

  @Field("Share of the rows to validate on, after each epoch.", range: .between(0, 1))
  package var validation: Double = 0

  @Field("Share of the rows kept for a last test.", range: .between(0, 1))
  package var test: Double = 0

  @Field("A column, or a target, whose values every part holds in the same proportions.")
  package var stratify: Located<String>? = nil

  @Field("Seed of the shuffling; by default the model's.", range: .anySeed)
  package var seed: Int? = nil

  @Field("Whether rows are drawn at random, as by default; parts of a text follow each other.")
  package var shuffle: Bool? = nil

  package init() {}
}

/// How the rows of one source become parts.
package struct SplitSpec: FieldValue {
  package let fields: SplitFields
  package let range: SourceRange

  package static let expectation = "shares such as {train: 0.8, test: 0.2}"
  package var shownInManual: String { "…" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> SplitSpec? {
    guard let mapping = node.mapping else { return reader.wrongType(node, expectation) }
    guard
      let fields = reader.readSection(SplitFields.self, mapping, owner: "'split'", at: node.range)
    else { return nil }
    let sum = fields.train + fields.validation + fields.test
    if abs(sum - 1) > 1e-6 {
      let parts = [fields.train, fields.validation, fields.test].filter { $0 > 0 }.map(shown)
      reader.error(
        "split-sum",
        "the parts of a split must sum to 1, these sum to \(shown((sum * 1e6).rounded() / 1e6))",
        at: node.range, help: "\(parts.joined(separator: " + ")) is what is written.")
      return nil
    }
    guard fields.train > 0 else {
      reader.error(
        "out-of-range", "0 is out of range: it must be above 0, or there is nothing to train on",
        at: mapping["train"]?.range ?? node.range)
      return nil
    }
    return SplitSpec(fields: fields, range: node.range)
  }

  /// The share of each part.
  func share(_ name: SplitName) -> Double {
    switch name {
    case .train: fields.train
    case .validation: fields.validation
    case .test: fields.test
    }
  }
}
