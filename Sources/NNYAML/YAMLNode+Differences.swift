/// A place where two trees say different things.
package struct YAMLDifference: Sendable {
  /// The keys and places on the way, with points between: `model.0.dense.units`.
  package let path: String
  /// What each tree has there; nil where it has nothing.
  package let old: YAMLNode?
  package let new: YAMLNode?
}

extension YAMLNode {
  /// Where another tree says something else, in reading order; places and spelling do not count, nor
  /// does the order of keys.
  package func differences(to other: YAMLNode, at path: String = "") -> [YAMLDifference] {
    func step(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    if let left = mapping, let right = other.mapping {
      let added = right.entries.filter { left[$0.key] == nil }
      return left.entries.flatMap { entry in
        right[entry.key].map { entry.value.differences(to: $0, at: step(entry.key)) }
          ?? [YAMLDifference(path: step(entry.key), old: entry.value, new: nil)]
      } + added.map { YAMLDifference(path: step($0.key), old: nil, new: $0.value) }
    }
    if let left = sequence, let right = other.sequence, left.count == right.count {
      return zip(left, right).enumerated().flatMap { index, pair in
        pair.0.differences(to: pair.1, at: step(String(index)))
      }
    }
    return isEqualContent(to: other) ? [] : [YAMLDifference(path: path, old: self, new: other)]
  }
}
