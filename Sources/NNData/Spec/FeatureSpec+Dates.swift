import NNDiagnostics
import NNModel
import NNYAML

extension FeatureSpec {
  /// Takes what becomes of dates, or reports and returns false.
  mutating func takeDate(
    _ fields: InputFields, _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    if fields.type == .date {
      date = DateReading(
        format: fields.format ?? .iso, parts: fields.parts ?? DateReading.usualParts,
        isCyclic: fields.cyclic)
      guard date?.parts.isEmpty == true else { return true }
      reader.error(
        "wrong-type", "'\(name)' has no parts", at: key("parts", node),
        help: "Take parts: out for \(listed(DateReading.usualParts.map(\.rawValue))).")
      return false
    }
    let written = (node.mapping?.entries ?? []).filter {
      ["format", "parts", "cyclic"].contains($0.key)
    }
    for entry in written {
      reader.error(
        "field-not-for-type", "'\(entry.key)' is for dates, '\(name)' is none", at: entry.keyRange,
        help: "Say type: date.")
    }
    return written.isEmpty
  }

  private func key(_ field: String, _ node: YAMLNode) -> SourceRange {
    node.mapping?.entries.first { $0.key == field }?.keyRange ?? node.range
  }
}
