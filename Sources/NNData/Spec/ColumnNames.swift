import NNDiagnostics
package import NNModel
package import NNYAML

/// The columns a feature is made of: a name, a pattern, or a list of them.
package struct ColumnNames: FieldValue {
  package let names: [Located<String>]

  package init(_ names: [Located<String>]) {
    self.names = names
  }

  package static let expectation = "a column's name, a pattern such as pixel_*, or a list of them"
  package var shownInManual: String { names.map(\.value).shownInManual }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> ColumnNames? {
    if node.scalar != nil {
      guard let name = Located<String>.read(node, &reader) else { return nil }
      return ColumnNames([name])
    }
    guard let nodes = node.sequence, !nodes.isEmpty else {
      return reader.wrongType(node, expectation)
    }
    let names = nodes.compactMap { Located<String>.read($0, &reader) }
    return names.count == nodes.count ? ColumnNames(names) : nil
  }

  /// Whether the names say how many columns they are.
  var isExplicit: Bool { !names.contains { isPattern($0.value) } }
}

/// Whether a name stands for all columns it matches.
func isPattern(_ name: String) -> Bool { name.contains("*") }

/// Whether a name matches a pattern, in which `*` stands for any characters, also none.
///
/// - Complexity: the product of the lengths at worst, whatever the number of stars.
func matches(_ name: String, pattern: String) -> Bool {
  let name = Array(name.utf8)
  let pattern = Array(pattern.utf8)
  let star = UInt8(ascii: "*")
  var (at, place) = (0, 0)
  // Where to go on when the last star must take one character more.
  var retry: (name: Int, pattern: Int)?
  while at < name.count {
    if place < pattern.count, pattern[place] == star {
      retry = (at, place + 1)
      place += 1
    } else if place < pattern.count, pattern[place] == name[at] {
      at += 1
      place += 1
    } else if let (start, rest) = retry {
      retry = (start + 1, rest)
      at = start + 1
      place = rest
    } else {
      return false
    }
  }
  return pattern[place...].allSatisfy { $0 == star }
}
