package import NNDiagnostics
package import NNTensor
package import NNYAML

/// Collects what is wrong while a file is read, so that one run tells everything.
package struct Reader: Sendable {
  /// The name of the text that is read.
  package let file: String
  /// The kinds a file may name.
  package let catalogue: Catalogue
  package var diagnostics: [Diagnostic] = []
  /// The keys that may stand beside the kind that is read, for those who write them inside it.
  var besideKind: Set<String> = []
  /// The tensors in files that initializers name.
  package var storedTensors: [StoredTensorMention] = []
  /// Their values, where somebody has read them; initializers without them stay as they are.
  package var givenTensors: [StoredTensor: Tensor] = [:]
  /// Where the blocks stand whose layers are read, outermost first. The layers stand elsewhere, and
  /// what is wrong with them may depend on who uses them.
  var blockUses: [SourceRange] = []

  package init(file: String, catalogue: Catalogue) {
    self.file = file
    self.catalogue = catalogue
  }

  package mutating func error(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    report(
      Diagnostic(
        code, message, file: file, at: range, label: label, help: help, notes: notes))
  }

  package mutating func warning(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil
  ) {
    report(
      Diagnostic(
        .warning, code, message, file: file, at: range, label: label, help: help))
  }

  /// Adds a finding, unless it is told already: layers of blocks are read at each of their uses.
  private mutating func report(_ diagnostic: Diagnostic) {
    let isKnown = diagnostics.contains {
      $0.range == diagnostic.range && $0.code == diagnostic.code
        && $0.message == diagnostic.message && $0.file == diagnostic.file
    }
    guard !isKnown else { return }
    var diagnostic = diagnostic
    // Of a long chain the ends tell enough.
    let uses = blockUses.count > 3 ? blockUses.prefix(1) + blockUses.suffix(2) : blockUses[...]
    diagnostic.notes += uses.reversed().map { .init("in the block used here", at: $0) }
    diagnostics.append(diagnostic)
  }

  /// Reports that a node is not what is expected there, unless something about it is reported
  /// already: what stands for a number out of range, or for an unknown alias, is no second mistake.
  package mutating func wrongType<Value>(
    _ node: YAMLNode, _ expectation: String, help: String? = nil, among words: [String] = []
  ) -> Value? {
    guard !node.isStandIn,
      !diagnostics.contains(where: { $0.file == file && $0.range.overlaps(node.range) })
    else { return nil }
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
    let limited = Value.counts ? (range ?? .anyCount).ofCounts : range
    if let limited, let outlier = value.numbers.first(where: { !limited.contains($0) }) {
      // The limit of all counts is only told to those who pass it.
      let isAbsurd = range?.contains(outlier) ?? (outlier > 0)
      let words = isAbsurd ? "at most \(shown(Bounds.mostCounted))" : (range ?? limited).words
      error(
        "out-of-range", "\(shown(outlier)) is out of range: it must be \(words)", at: node.range)
      return nil
    }
    return value
  }
}

extension YAMLNode {
  /// What the node is, in words: `the text 'abc'`, `a list`.
  package var described: String {
    switch content {
    case .sequence(let nodes): nodes.isEmpty ? "an empty list" : "a list"
    case .mapping(let mapping): mapping.entries.isEmpty ? "an empty mapping" : "a mapping"
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

extension SourceRange {
  /// Whether two stretches of one text share a character.
  fileprivate func overlaps(_ other: SourceRange) -> Bool {
    start < other.end && other.start < end
  }
}
