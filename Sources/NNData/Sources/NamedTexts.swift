package import NNModel
package import NNYAML

/// Columns by their names, each with what it is made of; or that alone, for a single column.
package struct NamedTexts: FieldValue {
  package struct Entry: Sendable {
    /// Nil where only what it is made of is written.
    package let name: String?
    package let text: Located<String>
  }

  package let entries: [Entry]

  package static let expectation = "a name, or names of columns, each with what it is read from"
  package static func sample(within range: Bounds?) -> String { "{pixels: images, label: labels}" }
  package var shownInManual: String { written }
  package var written: String {
    if let first = entries.first, first.name == nil { return first.text.written }
    let parts = entries.map { "\(($0.name ?? "").written): \($0.text.written)" }
    return "{\(parts.joined(separator: ", "))}"
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> NamedTexts? {
    guard let mapping = node.mapping else {
      guard node.scalar != nil else { return reader.wrongType(node, expectation) }
      return Located<String>.read(node, &reader).map {
        NamedTexts(entries: [Entry(name: nil, text: $0)])
      }
    }
    guard !mapping.entries.isEmpty else { return reader.wrongType(node, expectation) }
    let entries = mapping.entries.compactMap { entry in
      Located<String>.read(entry.value, &reader).map { Entry(name: entry.key, text: $0) }
    }
    return entries.count == mapping.entries.count ? NamedTexts(entries: entries) : nil
  }
}
