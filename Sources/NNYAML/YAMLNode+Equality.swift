extension YAMLNode {
  /// Whether two trees say the same: equal values under equal keys in the same order.
  ///
  /// Places do not count, nor does how a scalar is spelt: `a` equals `"a"`, and `1e-3` equals
  /// `0.001`. But `1` is an integer and `1.0` is not, so they differ. NaN equals NaN.
  package func isEqualContent(to other: YAMLNode) -> Bool {
    switch (content, other.content) {
    case (.scalar(let left), .scalar(let right)):
      left.value.isIdentical(to: right.value)
    case (.sequence(let left), .sequence(let right)):
      left.count == right.count && zip(left, right).allSatisfy { $0.isEqualContent(to: $1) }
    case (.mapping(let left), .mapping(let right)):
      left.entries.count == right.entries.count
        && zip(left.entries, right.entries).allSatisfy {
          $0.key.utf8.elementsEqual($1.key.utf8) && $0.value.isEqualContent(to: $1.value)
        }
    default: false
    }
  }
}

extension YAMLValue {
  /// Equality that tells apart all that a file can: strings byte by byte, zeros by their sign.
  func isIdentical(to other: YAMLValue) -> Bool {
    switch (self, other) {
    case (.float(let left), .float(let right)):
      left.bitPattern == right.bitPattern || left.isNaN && right.isNaN
    case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
    default: self == other
    }
  }
}
