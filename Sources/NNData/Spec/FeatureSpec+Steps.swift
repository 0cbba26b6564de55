import NNDiagnostics
import NNModel
import NNYAML

extension FeatureSpec {
  /// Takes what is done to numbers before they are scaled, or reports and returns false.
  mutating func takeSteps(
    _ fields: InputFields, _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    steps = ScaleSteps(clip: fields.clip, log1p: fields.log1p)
    return checkForNumbers(["clip", "log1p"], node, &reader)
  }

  /// As for inputs; there are no limits, for what lies beyond them could not be told again.
  mutating func takeSteps(
    _ fields: TargetFields, _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    steps = ScaleSteps(clip: nil, log1p: fields.log1p)
    return checkForNumbers(["log1p"], node, &reader)
  }

  /// Reports fields of numbers where this is something else.
  private func checkForNumbers(
    _ fields: [String], _ node: YAMLNode, _ reader: inout Reader
  ) -> Bool {
    if case .number = content { return true }
    let written = (node.mapping?.entries ?? []).filter { fields.contains($0.key) }
    for entry in written {
      reader.error(
        "field-not-for-type", "'\(entry.key)' is for numbers, '\(name)' is none",
        at: entry.keyRange)
    }
    return written.isEmpty
  }
}
