package import NNDiagnostics
package import NNModel
package import NNYAML

/// The fields of `split`.
package struct SplitFields: Section {
  @Field("Share of the rows to train on.", range: .between(0, 1))
  package var train: Double? = nil

  @Field("Share of the rows to validate on, after each epoch.", range: .between(0, 1))
  package var validation: Double = 0

  @Field("Share of the rows kept for a last test.", range: .between(0, 1))
  package var test: Double = 0

  @Field("A column that says of each row 'train', 'validation' or 'test', instead of shares.")
  package var by: Located<String>? = nil

  @Field("A column, or a target, whose values every part holds in the same proportions.")
  package var stratify: Located<String>? = nil

  @Field("A column: rows of the same value, such as one patient's, are in one part.")
  package var group: Located<String>? = nil

  @Field("A column of times: what is trained on comes first, what is tested on last.")
  package var time: Located<String>? = nil

  @Field(
    "Into how many parts the rows to train on are cut; 'fold' says which validates.",
    range: .between(2, 1000))
  package var folds: Int? = nil

  @Field("The fold to validate on, from 1; train --fold says it too.", range: .between(1, 1000))
  package var fold: Located<Int>? = nil

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
      let fields = reader.readSection(SplitFields.self, mapping, owner: "'split'", at: node.range),
      fields.check(mapping, at: node.range, &reader)
    else { return nil }
    let spec = SplitSpec(fields: fields, range: node.range)
    return fields.by != nil || spec.checkShares(mapping, &reader) ? spec : nil
  }

  private func checkShares(_ mapping: YAMLMapping, _ reader: inout Reader) -> Bool {
    let shares = SplitName.allCases.map(share)
    let sum = shares.reduce(0, +)
    if abs(sum - 1) > 1e-6 {
      let parts = shares.filter { $0 > 0 }.map(shown)
      reader.error(
        "split-sum",
        "the parts of a split must sum to 1, these sum to \(shown((sum * 1e6).rounded() / 1e6))",
        at: range, help: "\(parts.joined(separator: " + ")) is what is written.")
      return false
    }
    guard share(.train) > 0 else {
      reader.error(
        "out-of-range", "0 is out of range: it must be above 0, or there is nothing to train on",
        at: mapping["train"]?.range ?? range)
      return false
    }
    return true
  }

  /// The share of each part.
  package func share(_ name: SplitName) -> Double {
    switch name {
    case .train: fields.train ?? 0
    case .validation: fields.validation
    case .test: fields.test
    }
  }
}
