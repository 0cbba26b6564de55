import NNDiagnostics
import NNModel
import NNYAML

/// Which words of a category share a class.
struct BucketSpec: Sendable, Equatable {
  /// Words of fewer training rows are one class.
  var rare: Int?
  /// Whether words that no training row has are one.
  var hasUnknown = false
}

extension FeatureSpec {
  /// How many classes there are, as far as the file tells.
  var knownClassCount: Int? {
    if case .text(let text) = content { return text.knownVocabulary?.count }
    return classes.map { $0.count + (buckets.hasUnknown ? 1 : 0) }
  }

  /// Takes the classes that stand for several words, or reports and returns false.
  mutating func takeBuckets(
    _ fields: InputFields, _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    buckets = BucketSpec(rare: fields.rare, hasUnknown: fields.unknown)
    let before = reader.diagnostics.count
    let entries = node.mapping?.entries ?? []
    for entry in entries where ["rare", "unknown"].contains(entry.key) {
      switch content {
      case .category(.oneHot), .category(.index):
        guard entry.key == "rare", classes != nil else { continue }
        reader.error(
          "conflicting-fields", "'rare' finds classes, and 'classes' gives them all",
          at: entry.keyRange, help: "Take one of them out.")
      default:
        reader.error(
          "field-not-for-type", "'\(entry.key)' is for categories, '\(name)' is none",
          at: entry.keyRange)
      }
    }
    return reader.diagnostics.count == before
  }

  /// Takes whether missing values are told, or reports and returns false.
  mutating func takeIndicator(
    _ fields: InputFields, _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    hasIndicator = fields.indicator
    guard let entry = node.mapping?.entries.first(where: { $0.key == "indicator" }), hasIndicator
    else { return true }
    guard case .number = content else {
      reader.error(
        "field-not-for-type", "'indicator' is for numbers, '\(name)' is none", at: entry.keyRange,
        help: "A category says missing: {constant: …}, which is a class of its own.")
      return false
    }
    guard missing != .error, missing != .drop else {
      reader.error(
        "conflicting-fields",
        "'indicator' tells what is missing, and nothing is where no value is "
          + "filled in",
        at: entry.keyRange, help: "Say missing: mean, median, mode or {constant: …}.")
      return false
    }
    guard declaredShape == nil else {
      reader.error(
        "conflicting-fields", "'indicator' doubles the numbers of a row, and 'shape' arranges them",
        at: entry.keyRange, help: "Take shape: out.")
      return false
    }
    return true
  }
}
