package import NNYAML

extension YAMLNode {
  /// The tree as a file in which nothing is put in: `${` is written `$${`.
  package var withoutExpressions: YAMLNode {
    var copy = self
    switch content {
    case .scalar(let scalar):
      guard Template.isNeeded(for: scalar.text) else { return self }
      let text = scalar.text.replacing("${", with: "$${")
      copy.content = .scalar(YAMLScalar(text: text, isPlain: false, value: .string(text)))
    case .sequence(let nodes): copy.content = .sequence(nodes.map(\.withoutExpressions))
    case .mapping(let mapping):
      let entries = mapping.entries.map { entry in
        var entry = entry
        entry.value = entry.value.withoutExpressions
        return entry
      }
      copy.content = .mapping(YAMLMapping(entries))
    }
    return copy
  }
}
