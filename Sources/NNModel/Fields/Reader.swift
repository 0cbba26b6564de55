package import NNDiagnostics
package import NNYAML

/// Collects what is wrong while a file is read, so that one run tells everything.
package struct Reader: Sendable {
  /// The name of the text that is read.
  package let file: String
  /// The kinds a file may name.
  package let catalogue: Catalogue
  package var diagnostics: [Diagnostic] = []

  package init(file: String, catalogue: Catalogue) {
    self.file = file
    self.catalogue = catalogue
  }

  package mutating func error(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    diagnostics.append(
      Diagnostic(
        code, message, file: file, at: range, label: label, help: help, notes: notes))
  }

  package mutating func warning(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil
  ) {
    diagnostics.append(
      Diagnostic(
        .warning, code, message, file: file, at: range, label: label, help: help))
  }

  /// Reports that a node is not what is expected there.
  package mutating func wrongType<Value>(
    _ node: YAMLNode, _ expectation: String, help: String? = nil, among words: [String] = []
  ) -> Value? {
    let suggestion = node.scalar.flatMap { nearest(to: $0.text, among: words) }
    error(
      "wrong-type", "expected \(expectation), found \(node.described)", at: node.range,
      label: suggestion.map(didYouMean), help: help)
    return nil
  }

  /// Reads a value and holds its numbers against the range.
  package mutating func read<Value: FieldValue>(
    _ type: Value.Type, _ node: YAMLNode, range: Bounds? = nil
  ) -> Value? {
    guard let value = Value.read(node, &self) else { return nil }
    if let range, let outlier = value.numbers.first(where: { !range.contains($0) }) {
      error(
        "out-of-range", "\(shown(outlier)) is out of range: it must be \(range.words)",
        at: node.range)
      return nil
    }
    return value
  }
}

extension YAMLNode {
  /// What the node is, in words: `the text 'abc'`, `a list`.
  package var described: String {
    switch content {
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .scalar(let scalar):
      switch scalar.value {
      case .null: "nothing"
      case .bool, .int, .float: scalar.text
      case .string:
        "the text '\(scalar.text.count > 40 ? scalar.text.prefix(40) + "…" : scalar.text)'"
      }
    }
  }
}
