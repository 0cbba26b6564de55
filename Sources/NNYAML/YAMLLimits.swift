/// What the parser accepts from strangers. Every limit has a located message of its own.
package struct YAMLLimits: Sendable, Equatable {
  /// Bytes of a whole text.
  package var textLength: Int
  /// Mappings and sequences that may be open at once, counted after aliases are replaced.
  package var depth: Int
  /// Scalars, sequences and mappings in the tree, counted after aliases are replaced, which is
  /// what stops an alias bomb.
  package var nodeCount: Int
  /// Bytes of one scalar.
  package var scalarLength: Int
  /// Bytes of one key; libyaml itself stops at 1024 characters.
  package var keyLength: Int

  /// Problems that are reported before the parser gives up.
  package var problemCount: Int

  package init(
    textLength: Int = 16 << 20, depth: Int = 100, nodeCount: Int = 1_000_000,
    scalarLength: Int = 1 << 20, keyLength: Int = 1024,
    problemCount: Int = 500
  ) {
    self.textLength = textLength
    self.depth = depth
    self.nodeCount = nodeCount
    self.scalarLength = scalarLength
    self.keyLength = keyLength
    self.problemCount = problemCount
  }
}
