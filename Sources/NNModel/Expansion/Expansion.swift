import NNDiagnostics
package import NNYAML

extension Reader {
  /// A model file with values in place of `${…}` and with layers in place of the names of blocks,
  /// without its sections `vars` and `blocks`; every other reader meets plain values.
  ///
  /// What is put in keeps the place where it is written: a value computed stands where its
  /// expression does, the layers of a block where the block is defined. Null stands for what has a
  /// mistake in it, at the place of the mistake.
  ///
  /// Returns nil where blocks and variables make the file too large.
  package mutating func expanded(_ root: YAMLNode) -> YAMLNode? {
    guard let file = root.mapping, root.mentionsExpansion else { return root }
    var expansion = Expansion(reader: self)
    let result = expansion.run(file, at: root.range)
    self = expansion.reader
    return result
  }
}

/// Puts values in place of `${…}` and layers in place of blocks.
struct Expansion {
  /// Nodes that blocks and variables may make, well above what the largest model needs.
  private static let mostNodes = 200_000
  /// Levels of the tree, as deep as the parser lets a file be.
  static let deepest = YAMLLimits().depth
  static let longestText = YAMLLimits().scalarLength

  var reader: Reader
  var variables = Variables()
  var blocks = Blocks()
  private var madeNodes = 0
  /// Whether a limit was passed, and all that follows is left as it is.
  private var isStopped = false

  init(reader: Reader) {
    self.reader = reader
  }

  /// What names stand for at a place: the parameters of the block that it is in.
  struct Scope {
    var block: String?
    var parameters: [(name: String, value: Binding)] = []
  }

  /// What a name stands for.
  enum Binding {
    case node(YAMLNode)
    /// Something that is reported at a place.
    case unknown(SourceRange)

    init(_ node: YAMLNode) {
      self = node.isStandIn ? .unknown(node.range) : .node(node)
    }
  }

  /// Why there is no value: it is reported, at a place.
  struct Reported: Error {
    let range: SourceRange
  }

  mutating func run(_ file: YAMLMapping, at range: SourceRange) -> YAMLNode? {
    let before = reader.diagnostics.errorCount
    if let node = file["blocks"] { readBlocks(node) }
    if let node = file["vars"] { readVariables(node) }
    computeVariables()
    let entries = file.entries.filter { $0.key != "vars" && $0.key != "blocks" }.map { entry in
      var entry = entry
      entry.value = walk(entry.value, Scope(), depth: 1)
      return entry
    }
    guard !isStopped else { return nil }
    if reader.diagnostics.errorCount == before { warnOfUnused() }
    return YAMLNode(.mapping(YAMLMapping(entries)), at: range)
  }

  mutating func walk(_ node: YAMLNode, _ scope: Scope, depth: Int) -> YAMLNode {
    guard !isStopped else { return node }
    guard depth <= Self.deepest else {
      stop("too-deep", "values are nested deeper than \(Self.deepest) levels", at: node.range)
      return node
    }
    if scope.block != nil { count(1, at: node.range) }
    switch node.content {
    case .scalar(let scalar): return filled(scalar, node, scope, depth: depth)
    case .sequence(let nodes):
      let filled = nodes.map { entry in
        entry.mapping?["block"]?.scalar == nil
          ? walk(entry, scope, depth: depth + 1) : withLayers(entry, scope, depth: depth + 1)
      }
      return YAMLNode(.sequence(filled), at: node.range)
    case .mapping(let mapping):
      let filled = mapping.entries.map { entry in
        var entry = entry
        entry.value = walk(entry.value, scope, depth: depth + 1)
        return entry
      }
      return YAMLNode(.mapping(YAMLMapping(filled)), at: node.range)
    }
  }

  // MARK: Reports

  mutating func reported(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil, notes: [Diagnostic.Note] = []
  ) -> Reported {
    reader.error(code, message, at: range, label: label, help: help, notes: notes)
    return Reported(range: range)
  }

  // MARK: Limits

  mutating func count(_ nodes: Int, at range: SourceRange) {
    madeNodes += nodes
    guard madeNodes > Self.mostNodes, !isStopped else { return }
    stop(
      "too-many-nodes",
      "blocks and variables make more than \(Self.mostNodes) values of this file", at: range)
  }

  mutating func stop(_ code: String, _ message: String, at range: SourceRange) {
    if !isStopped { reader.error(code, message, at: range) }
    isStopped = true
  }
}

extension YAMLNode {
  /// What stands for something that is reported at a place. No file can say it: there, null is
  /// never in quotes.
  static func standIn(at range: SourceRange) -> YAMLNode {
    YAMLNode(.scalar(YAMLScalar(text: "", isPlain: false, value: .null)), at: range)
  }

  var isStandIn: Bool { scalar.map { !$0.isPlain && $0.value == .null } ?? false }

  /// Whether there is anything in a file to put values or layers in place of.
  fileprivate var mentionsExpansion: Bool {
    switch content {
    case .scalar(let scalar): Template.isNeeded(for: scalar.text)
    case .sequence(let nodes): nodes.contains { $0.mentionsExpansion }
    case .mapping(let mapping):
      mapping.entries.contains {
        $0.key == "vars" || $0.key == "blocks" || $0.key == "block" || $0.value.mentionsExpansion
      }
    }
  }

  /// How many nodes and levels a tree has.
  var size: (nodes: Int, levels: Int) {
    let children: [YAMLNode] =
      switch content {
      case .scalar: []
      case .sequence(let nodes): nodes
      case .mapping(let mapping): mapping.entries.map(\.value)
      }
    let sizes = children.map(\.size)
    return (1 + sizes.reduce(0) { $0 + $1.nodes }, 1 + (sizes.map(\.levels).max() ?? 0))
  }
}
