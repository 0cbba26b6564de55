package import NNDiagnostics

/// Nodes that were not read from a text, for files that the program writes itself.
extension YAMLNode {
  /// A scalar as the writer would spell its value.
  package init(_ value: YAMLValue, at range: SourceRange = .beginning) {
    let isPlain = if case .string = value { false } else { true }
    let scalar = YAMLScalar(text: value.canonicalText, isPlain: isPlain, value: value)
    self.init(.scalar(scalar), at: range)
  }

  package init(_ nodes: [YAMLNode]) {
    self.init(.sequence(nodes), at: .beginning)
  }

  /// A mapping with the entries in the given order; the keys must differ.
  package init(_ entries: [(String, YAMLNode)]) {
    let entries = entries.map {
      YAMLMapping.Entry(key: $0.0, keyRange: .beginning, value: $0.1)
    }
    self.init(.mapping(YAMLMapping(entries)), at: .beginning)
  }
}

extension YAMLNode: ExpressibleByNilLiteral {
  package init(nilLiteral: ()) { self.init(YAMLValue.null) }
}

extension YAMLNode: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) { self.init(.bool(value)) }
}

extension YAMLNode: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(.int(value)) }
}

extension YAMLNode: ExpressibleByFloatLiteral {
  package init(floatLiteral value: Double) { self.init(.float(value)) }
}

extension YAMLNode: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(.string(value)) }
}

extension YAMLNode: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: YAMLNode...) { self.init(elements) }
}

extension YAMLNode: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, YAMLNode)...) { self.init(elements) }
}

extension YAMLValue {
  /// A spelling that the core schema reads as this very value; of strings the text itself.
  var canonicalText: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .int(let value): String(value)
    case .float(let value):
      if value.isNaN {
        ".nan"
      } else if value.isInfinite {
        value < 0 ? "-.inf" : ".inf"
      } else {
        value.description
      }
    case .string(let value): value
    }
  }
}
