package import NNDiagnostics

/// Why a value cannot be put at a path.
package struct SettingProblem: Error, Equatable {
  package let message: String
  package let help: String?
  /// What the path leads to as far as it leads anywhere; nil where nothing was looked at yet.
  package var range: SourceRange?
}

/// A value for a place of a file, as the command line writes it: `optimizer.adamw.lr=3e-4`.
package struct YAMLSetting: Sendable {
  /// The keys, and places in lists from 0 on.
  package let path: [String]
  package let value: YAMLNode

  /// Takes a setting apart; its value is YAML, such as `[1, 2]` or `{cosine: {warmup: 10}}`.
  package init(_ text: String) throws(SettingProblem) {
    guard let sign = text.firstIndex(of: "="), sign != text.startIndex else {
      throw SettingProblem(
        message: "'\(text)' does not set anything", help: "Write --set optimizer.adamw.lr=3e-4.")
    }
    let path = text[..<sign].split(separator: ".", omittingEmptySubsequences: false).map(
      String.init)
    guard !path.contains("") else {
      throw SettingProblem(
        message: "a key is missing in '\(text[..<sign])'",
        help: "Keys stand between single points: optimizer.adamw.lr.")
    }
    let written = String(text[text.index(after: sign)...])
    let (node, findings) = parseYAML(SourceText(name: "--set", text: written))
    guard let node, !findings.hasErrors else {
      let reason = findings.first.map { ": \($0.message)" } ?? ""
      throw SettingProblem(
        message: "'\(written)' is no value\(reason)",
        help: "A value is written as in the file: 3e-4, relu, [1, 2] or {cosine: {warmup: 10}}.")
    }
    self.path = path
    value = node
  }
}

extension YAMLNode {
  /// The tree with a value at a place; keys that are missing on the way are made.
  ///
  /// What is read of the value is reported where the old one stands, or what it is in.
  package func setting(_ setting: YAMLSetting) throws(SettingProblem) -> YAMLNode {
    try putting(setting.value, at: setting.path[...], of: setting.path)
  }

  private func putting(
    _ value: YAMLNode, at rest: ArraySlice<String>, of path: [String]
  ) throws(SettingProblem) -> YAMLNode {
    guard let key = rest.first else { return value.moved(to: range) }
    var copy = self
    let own = path.prefix(path.count - rest.count).joined(separator: ".")
    switch content {
    case .mapping(var mapping):
      if let place = mapping.entries.firstIndex(where: { $0.key == key }) {
        mapping.entries[place].value = try mapping.entries[place].value
          .putting(value, at: rest.dropFirst(), of: path)
      } else {
        let empty = YAMLNode(.mapping(YAMLMapping([])), at: range)
        mapping.entries.append(
          .init(
            key: key, keyRange: range,
            value: try empty.putting(value, at: rest.dropFirst(), of: path)))
      }
      copy.content = .mapping(mapping)
    case .sequence(var nodes):
      guard let index = Int(key), nodes.indices.contains(index) else {
        throw SettingProblem(
          message: "'\(own)' is a list of \(nodes.count), which has no place '\(key)'",
          help: "Places of a list count from 0: \(own).0.", range: range)
      }
      nodes[index] = try nodes[index].putting(value, at: rest.dropFirst(), of: path)
      copy.content = .sequence(nodes)
    case .scalar(let scalar):
      // A word is short for the same word with fields: adam, and adam: {}.
      guard scalar.value != .null else {
        let empty = YAMLNode(.mapping(YAMLMapping([])), at: range)
        return try empty.putting(value, at: rest, of: path)
      }
      throw SettingProblem(
        message: "'\(own)' is '\(scalar.text)', which has no '\(key)' in it",
        help: "Set all of it: --set '\(own)={…}'.", range: range)
    }
    return copy
  }

  /// The same tree, all of it at one place.
  private func moved(to range: SourceRange) -> YAMLNode {
    var copy = self
    copy.range = range
    switch content {
    case .scalar: break
    case .sequence(let nodes): copy.content = .sequence(nodes.map { $0.moved(to: range) })
    case .mapping(var mapping):
      for place in mapping.entries.indices {
        let entry = mapping.entries[place]
        mapping.entries[place] = .init(
          key: entry.key, keyRange: range, value: entry.value.moved(to: range))
      }
      copy.content = .mapping(mapping)
    }
    return copy
  }
}
