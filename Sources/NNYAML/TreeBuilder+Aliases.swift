import NNDiagnostics

extension TreeBuilder {
  mutating func define(_ name: String, _ anchor: Anchor) {
    let isNew = anchors.updateValue(anchor, forKey: name) == nil
    if isNew, anchorNames.count < 200 { anchorNames.append(name) }
  }

  /// Puts what an anchor names in the place of an alias.
  mutating func addAlias(_ name: String, start: Int, end: Int) -> Bool {
    let range = positions.range(start, end)
    switch anchors[name] {
    case .finished(let target):
      // The size is counted before the node is used: ten levels of ten aliases each are ten
      // thousand million nodes for whoever walks the tree.
      guard count(target.size, at: start, end) else { return false }
      guard stack.count + target.height <= limits.depth else {
        return exceed(
          "too-deep", "with this alias values are nested deeper than \(limits.depth) levels",
          start, end)
      }
      var piece = Piece(
        node: target.node, size: target.size, height: target.height,
        isStandIn: target.isStandIn, start: start, end: end)
      // An alias to the text `<<` is a key like any other.
      piece.isTagged = true
      piece.style = target.style
      return add(piece)
    case .open(let anchor):
      report(
        "recursive-alias", "the alias '*\(Self.abbreviated(name))' stands inside what it names",
        at: range, notes: [Diagnostic.Note("the anchor is here", at: anchor)])
    case nil:
      unknownAliases.append((diagnostics.count, name))
      report(
        "unknown-alias", "no anchor is named '&\(Self.abbreviated(name))'", at: range,
        label: nearest(to: name, among: anchorNames).map { didYouMean("*\($0)") },
        help: "'*' begins an alias. Put quotes around a text that begins with it.")
    }
    guard count(1, at: start, end) else { return false }
    let null = YAMLScalar(text: "null", isPlain: true, value: .null)
    return add(
      Piece(
        node: YAMLNode(.scalar(null), at: range), isStandIn: true, start: start, end: end))
  }

  /// Explains unknown aliases whose anchors came later, once all anchors are known.
  mutating func explainEarlyAliases() {
    for (index, name) in unknownAliases {
      guard case .finished(let target)? = anchors[name] else { continue }
      let old = diagnostics[index]
      diagnostics[index] = Diagnostic(
        old.code, "the alias '*\(Self.abbreviated(name))' stands before its anchor",
        file: old.file, at: old.range, help: "Move the anchor above its first alias.",
        notes: [Diagnostic.Note("the anchor is here", at: target.node.range)])
    }
  }

  // MARK: - Merge keys

  /// Takes the value of a `<<` key.
  mutating func addMerge(_ piece: Piece, key: SourceRange) {
    guard !piece.isStandIn else { return }
    var mappings: [YAMLMapping] = []
    let range = positions.range(piece.start, piece.end)
    switch piece.node.content {
    case .mapping(let mapping): mappings = [mapping]
    case .sequence(let nodes):
      for (index, node) in nodes.enumerated() {
        if let mapping = node.mapping {
          mappings.append(mapping)
        } else if node.scalar?.value != .null || !isReportedAlias(node) {
          reportBadMerge("item \(index + 1) of '<<' is not a mapping", at: range)
        }
      }
    case .scalar: reportBadMerge("'<<' merges mappings, and this is not one", at: range)
    }
    let top = stack.count - 1
    stack[top].merge = (key, stack[top].entries.count, mappings)
  }

  private mutating func reportBadMerge(_ message: String, at range: SourceRange) {
    report(
      "bad-merge", message, at: range,
      help: "Write '<<: *name' or '<<: [*first, *second]', where the anchors name mappings.")
  }

  private func isReportedAlias(_ node: YAMLNode) -> Bool {
    unknownAliases.contains { diagnostics[$0.diagnostic].range == node.range }
  }

  /// Adds what `<<` brings where it stands: keys of the mapping itself win, then the mapping
  /// merged first.
  func applyMerge(_ frame: inout Frame) {
    guard let merge = frame.merge else { return }
    var seen = Set(frame.entries.lazy.map(\.key))
    var merged: [YAMLMapping.Entry] = []
    for mapping in merge.mappings {
      for entry in mapping.entries where seen.insert(entry.key).inserted { merged.append(entry) }
    }
    frame.entries.insert(contentsOf: merged, at: merge.position)
  }
}
