import NNDiagnostics

/// Builds the node tree from libyaml's events with a stack of its own.
///
/// Aliases are replaced and counted here, merge keys merged, keys compared, limits kept. What is
/// wrong is collected; only a limit, or a second document, ends the work.
struct TreeBuilder {
  let limits: YAMLLimits
  var positions: TextPositions
  let mask: ExpressionMask
  var diagnostics: [Diagnostic] = []
  var stack: [Frame] = []
  var root: Piece?
  /// Nodes so far, with aliases replaced.
  var nodeCount = 0
  var anchors: [String: Anchor] = [:]
  /// The first names of anchors in order, for suggestions that do not depend on hashing.
  var anchorNames: [String] = []
  /// Errors about unknown aliases, to be explained better if the anchor turns up later.
  var unknownAliases: [(diagnostic: Int, name: String)] = []
  /// The scalar seen last, which syntax errors are often about.
  var lastScalar: LastScalar?
  var lastTabLine = -1

  /// A finished node on its way to its parent.
  struct Piece {
    var node: YAMLNode
    /// How many nodes it has, itself included.
    var size = 1
    /// How many levels of collections it has.
    var height = 0
    /// Whether it stands for something that is reported already, so that rules about it are mute.
    var isStandIn = false
    /// Where it is written; of an alias that is elsewhere than the node's own range.
    let start: Int
    let end: Int
    /// For scalars, how they are written.
    var style: YAMLScalarStyle?
    var isTagged = false
  }

  struct LastScalar {
    let start: Int
    let end: Int
    let style: YAMLScalarStyle
  }

  enum Anchor {
    /// The anchored collection is not finished, so that an alias would contain itself.
    case open(SourceRange)
    case finished(Piece)
  }

  enum Key {
    case entry(String, SourceRange, YAMLScalarStyle)
    case merge(SourceRange)
    /// The key is reported already, its value goes nowhere.
    case invalid
  }

  /// A sequence or mapping whose end is not reached.
  struct Frame {
    let isMapping: Bool
    let isFlow: Bool
    let start: Int
    /// Where its last child ended so far.
    var end: Int
    let anchor: String?
    let countBefore: Int
    var height = 1
    var nodes: [YAMLNode] = []
    var entries: [YAMLMapping.Entry] = []
    var key: Key?
    /// The places of the entries by key, kept only once there are many.
    var index: [String: Int] = [:]
    /// What `<<` holds: the key's place, how many entries precede it, and its mappings.
    var merge: (key: SourceRange, position: Int, mappings: [YAMLMapping])?
    /// Whether a key is reported already; a mapping that is itself a bad key is then mute.
    var hasBadKey = false
  }

  init(source: SourceText, limits: YAMLLimits) {
    self.limits = limits
    positions = TextPositions(source: source)
    mask = ExpressionMask(positions.bytes)
  }

  /// Takes events until the document ends and says whether there is a tree.
  mutating func consume(_ events: consuming LibYAMLEvents) -> Bool {
    while true {
      switch events.next() {
      case .failure(let problem):
        explain(problem)
        return false
      case .success(let event):
        let start = positions.offset(ofScalar: event.start)
        let end = positions.offset(ofScalar: event.end)
        switch event.kind {
        case .streamStart, .documentStart: continue
        case .streamEnd: return true
        case .documentEnd:
          // What follows is looked at without libyaml, which would take long over directives.
          checkRest(from: end)
          return true
        default:
          guard accept(event, start: start, end: end) else { return false }
        }
      }
    }
  }

  /// Takes one event of the tree and says whether to go on.
  private mutating func accept(_ event: YAMLEvent, start: Int, end: Int) -> Bool {
    guard diagnostics.count < limits.problemCount else {
      return exceed(
        "too-many-problems", "there are more problems; these are the first \(limits.problemCount)",
        start, start)
    }
    checkForTab(before: start)
    switch event.kind {
    case .alias(let name):
      return addAlias(name, start: start, end: end)
    case .scalar(let text, let style):
      return addScalar(text, style, event, start: start, end: end)
    case .sequenceStart(let isFlow):
      return open(event, isMapping: false, isFlow: isFlow, start: start, end: end)
    case .mappingStart(let isFlow):
      return open(event, isMapping: true, isFlow: isFlow, start: start, end: end)
    case .sequenceEnd, .mappingEnd:
      return close(end: end)
    default:
      return true
    }
  }

  // MARK: - Collections

  private mutating func open(
    _ event: YAMLEvent, isMapping: Bool, isFlow: Bool, start: Int, end: Int
  ) -> Bool {
    let content = contentStart(of: event, start: start, end: positions.bytes.count)
    guard stack.count < limits.depth else {
      return exceed(
        "too-deep", "values are nested deeper than \(limits.depth) levels", content, content + 1)
    }
    guard count(1, at: content, content + 1) else { return false }
    if let tag = event.tag {
      checkCollectionTag(tag, isMapping: isMapping, start: start, end: content)
    }
    if let anchor = event.anchor {
      define(anchor, .open(positions.range(start, start + anchor.utf8.count + 1)))
    }
    stack.append(
      Frame(
        isMapping: isMapping, isFlow: isFlow, start: content, end: content + 1,
        anchor: event.anchor, countBefore: nodeCount - 1))
    return true
  }

  private mutating func close(end: Int) -> Bool {
    guard var frame = stack.popLast() else { return true }
    let content: YAMLNode.Content
    if frame.isMapping {
      applyMerge(&frame)
      content = .mapping(YAMLMapping(frame.entries))
    } else {
      content = .sequence(frame.nodes)
    }
    // The end that libyaml gives a block collection is where the next token begins.
    let end = frame.isFlow ? end : frame.end
    let node = YAMLNode(content, at: positions.range(frame.start, end))
    let piece = Piece(
      node: node, size: nodeCount - frame.countBefore, height: frame.height,
      isStandIn: frame.hasBadKey, start: frame.start, end: end)
    if let anchor = frame.anchor { anchors[anchor] = .finished(piece) }
    return add(piece)
  }

  /// Hands a finished node to the innermost open collection.
  mutating func add(_ piece: Piece) -> Bool {
    guard !stack.isEmpty else {
      root = piece
      return true
    }
    let top = stack.count - 1
    stack[top].end = max(stack[top].end, piece.end)
    stack[top].height = max(stack[top].height, piece.height + 1)
    guard stack[top].isMapping else {
      stack[top].nodes.append(piece.node)
      return true
    }
    guard let key = stack[top].key else { return addKey(piece) }
    stack[top].key = nil
    switch key {
    case .entry(let name, let range, let style):
      let entry = YAMLMapping.Entry(key: name, keyRange: range, value: piece.node)
      if stack[top].isFlow, style == .plain, !piece.isStandIn, piece.start == range.end.offset,
        piece.end == piece.start, let split = splitAtBareColon(entry)
      {
        append(split)
      } else {
        append(entry)
      }
    case .merge(let range): addMerge(piece, key: range)
    case .invalid: break
    }
    return true
  }

  private mutating func append(_ entry: YAMLMapping.Entry) {
    let top = stack.count - 1
    if stack[top].entries.count > 8 {
      if stack[top].index.isEmpty {
        for (place, entry) in stack[top].entries.enumerated() {
          stack[top].index[entry.key] = place
        }
      }
      stack[top].index[entry.key] = stack[top].entries.count
    }
    stack[top].entries.append(entry)
  }

  // MARK: - Keys

  private mutating func addKey(_ piece: Piece) -> Bool {
    let top = stack.count - 1
    let range = positions.range(piece.start, piece.end)
    guard let scalar = piece.node.scalar, scalar.value != .null else {
      if !piece.isStandIn { reportBadKey(piece, at: range) }
      stack[top].key = .invalid
      stack[top].hasBadKey = true
      return true
    }
    let name = scalar.text
    guard name.utf8.count <= limits.keyLength else {
      return exceed(
        "key-too-long", "a key is longer than \(limits.keyLength) bytes", piece.start, piece.end)
    }
    let isMerge = name == "<<" && piece.style == .plain && !piece.isTagged
    let first: SourceRange? =
      isMerge ? stack[top].merge?.key : entryIndex(of: name).map { stack[top].entries[$0].keyRange }
    if let first {
      let shown = Self.abbreviated(name)
      report(
        "duplicate-key", "the key '\(shown)' is given twice", at: range,
        help: isMerge ? "Merge several mappings with one key: '<<: [*first, *second]'." : nil,
        notes: [Diagnostic.Note("first given here", at: first)])
      stack[top].key = .invalid
    } else if isMerge {
      stack[top].key = .merge(range)
    } else {
      stack[top].key = .entry(name, range, piece.style ?? .plain)
    }
    return true
  }

  func entryIndex(of name: String) -> Int? {
    guard let frame = stack.last else { return nil }
    return frame.index.isEmpty
      ? frame.entries.firstIndex { $0.key == name } : frame.index[name]
  }

  private mutating func reportBadKey(_ piece: Piece, at range: SourceRange) {
    let kind: String
    var help: String?
    switch piece.node.content {
    case .scalar:
      kind = "null"
      help = "Put quotes around the key if it is meant as text."
    case .sequence: kind = "a list"
    case .mapping:
      kind = "a mapping"
      // The usual cause is a template's `{{ name }}`.
      help = "Put quotes around the text if the braces belong to it."
    }
    report("bad-key", "\(kind) cannot be a key", at: range, help: help)
  }

  // MARK: - Limits and reports

  /// Counts nodes and says whether they are still allowed.
  mutating func count(_ added: Int, at start: Int, _ end: Int) -> Bool {
    nodeCount += added
    guard nodeCount > limits.nodeCount else { return true }
    return exceed(
      "too-many-nodes",
      "the text has more than \(limits.nodeCount) values once its aliases are replaced", start, end)
  }

  /// Reports that a limit is exceeded; always false, for the caller to return.
  mutating func exceed(_ code: String, _ message: String, _ start: Int, _ end: Int) -> Bool {
    report(code, message, at: positions.range(start, min(end, positions.bytes.count)))
    return false
  }

  mutating func report(
    _ code: String, _ message: String, at range: SourceRange, label: String? = nil,
    help: String? = nil, notes: [Diagnostic.Note] = []
  ) {
    diagnostics.append(
      Diagnostic(
        code, message, file: positions.source.name, at: range, label: label, help: help,
        notes: notes))
  }

  /// A text short enough for a message.
  static func abbreviated(_ text: some StringProtocol) -> String {
    let start = text.prefix(40)
    return start.endIndex == text.endIndex ? String(text) : start + "…"
  }
}
