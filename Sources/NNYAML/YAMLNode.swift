package import NNDiagnostics

/// A node of a YAML document, with its place in the text.
///
/// Aliases are replaced by copies of what they name (each copy keeps the place of the anchor's
/// node in `range`), and merge keys (`<<`) are already merged, so readers meet plain trees.
package struct YAMLNode: Sendable {
  package enum Content: Sendable {
    case scalar(YAMLScalar)
    case sequence([YAMLNode])
    case mapping(YAMLMapping)
  }

  package var content: Content
  /// From the node's first character to just behind its last; of a block collection, from its
  /// first entry to the end of its last one.
  package var range: SourceRange

  package init(_ content: Content, at range: SourceRange) {
    self.content = content
    self.range = range
  }

  package var scalar: YAMLScalar? {
    if case .scalar(let scalar) = content { scalar } else { nil }
  }

  package var sequence: [YAMLNode]? {
    if case .sequence(let nodes) = content { nodes } else { nil }
  }

  package var mapping: YAMLMapping? {
    if case .mapping(let mapping) = content { mapping } else { nil }
  }
}

/// A scalar as written and as the YAML 1.2 core schema resolves it.
package struct YAMLScalar: Sendable, Equatable {
  /// The text after unquoting and unescaping.
  package let text: String
  /// Quoted and block scalars are strings whatever they look like.
  package let isPlain: Bool
  package let value: YAMLValue

  package init(text: String, isPlain: Bool, value: YAMLValue) {
    self.text = text
    self.isPlain = isPlain
    self.value = value
  }
}

/// What a scalar means in the YAML 1.2 core schema (https://yaml.org/spec/1.2.2/#103-core-schema).
package enum YAMLValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case int(Int)
  case float(Double)
  case string(String)
}

/// The entries of a mapping in the order they were written; keys are unique strings.
package struct YAMLMapping: Sendable {
  package struct Entry: Sendable {
    package let key: String
    package let keyRange: SourceRange
    package var value: YAMLNode

    package init(key: String, keyRange: SourceRange, value: YAMLNode) {
      self.key = key
      self.keyRange = keyRange
      self.value = value
    }
  }

  package var entries: [Entry]

  package init(_ entries: [Entry]) {
    self.entries = entries
  }

  /// The value under a key, or nil.
  package subscript(key: String) -> YAMLNode? {
    entries.first { $0.key == key }?.value
  }
}
