import NNDiagnostics
package import NNYAML

/// Words that hold layers instead of being one.
package let structureWords = ["residual", "repeat", "branch", "split", "block"]

private let layerNeighbours: Set = [
  "id", "from", "freeze", "tie", "weight_norm", "spectral_norm",
]

extension Reader {
  /// Reads a list of layers and names those that have no name.
  package mutating func readLayers(_ node: YAMLNode) -> [LayerSpec]? {
    guard let entries = node.sequence else {
      return wrongType(
        node, "a list of layers", help: "Begin each layer with '- ', such as - dense: 16.")
    }
    if entries.isEmpty {
      error(
        "no-layers", "the list of layers is empty", at: node.range,
        help: "A single neuron is one layer: - dense: 1.")
      return nil
    }
    var numbers: [String: Int] = [:]
    var layers: [LayerSpec] = []
    for entry in entries { layers.append(readLayer(entry, &numbers)) }
    return layers
  }

  /// Reads a layer; one with mistakes keeps its name, so that others may refer to it.
  private mutating func readLayer(
    _ node: YAMLNode, _ numbers: inout [String: Int]
  ) -> LayerSpec {
    let words = catalogue.layers.words + structureWords
    // What stands beside a structure's word depends on the word.
    let structure = node.mapping?.entries.first { structureNeighbours[$0.key] != nil }?.key
    let extra = structure.flatMap { structureNeighbours[$0] } ?? []
    let neighbours = layerNeighbours.union(extra)
    let layers = catalogue.layers
    let head = readHead(node, noun: "layer", words: words, neighbours) {
      layers.entry($0)?.type.fields.map(\.name) ?? []
    }
    guard let head else {
      return LayerSpec(
        id: Reference(name: "", range: node.range), word: "", content: .unreadable, from: nil,
        further: [], isFrozen: false, tie: nil, normalisation: nil, range: node.range,
        valueRange: node.range)
    }
    // A misspelt word counts as the one that is meant, lest the others' numbers be off by one.
    let word = words.contains(head.word) ? head.word : nearest(to: head.word, among: words)
    let number = numbers[word ?? head.word, default: 0] + 1
    numbers[word ?? head.word] = number
    let content = readContent(head, node, words)
    let given = head.neighbours["id"].map { readID($0) }
    let from = head.neighbours["from"].map { readReferences($0) }
    let isFrozen = head.neighbours["freeze"].map { read(Bool.self, $0) } ?? false
    let tie = head.neighbours["tie"].map { readReference($0) }
    let normalisation = readNormalisation(head.neighbours)
    let usual = Reference(name: "\(word ?? head.word)_\(number)", range: head.wordRange)
    let id = given.map { $0 ?? Reference(name: "", range: head.wordRange) } ?? usual
    let isReadable =
      isFrozen != nil && from.map { $0 != nil } ?? true && tie.map { $0 != nil } ?? true
    return LayerSpec(
      id: id, word: head.word, content: isReadable ? content : .unreadable,
      from: (from ?? nil) ?? ownReferences(content, head.value),
      further: furtherReferences(content, head.value), isFrozen: isFrozen ?? false,
      tie: tie ?? nil, normalisation: normalisation, range: head.wordRange,
      valueRange: head.value?.range ?? head.wordRange)
  }

  private mutating func readContent(
    _ head: KindHead, _ node: YAMLNode, _ words: [String]
  ) -> LayerSpec.Content {
    guard words.contains(head.word) else {
      unknownKind(head, noun: "layer", words: words)
      return .unreadable
    }
    if structureWords.contains(head.word) {
      return readStructure(head, at: node.range) ?? .unreadable
    }
    let own = node.mapping.map { mapping in
      YAMLNode(
        .mapping(YAMLMapping(mapping.entries.filter { $0.key == head.word })), at: node.range)
    }
    let kind = readKind(own ?? node, catalogue.layers, neighbours: layerNeighbours)
    return kind.map { .layer($0.instance) } ?? .unreadable
  }

  private mutating func readID(_ node: YAMLNode) -> Reference? {
    guard let reference = readReference(node) else { return nil }
    let isPlain = reference.name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
    }
    guard isPlain, !reference.name.isEmpty else {
      error(
        "bad-name", "'\(reference.name)' cannot be the id of a layer", at: node.range,
        help: "Use letters, digits, '_' and '-'; dots separate the parts of a tensor's name.")
      return nil
    }
    return reference
  }

  /// The references that a layer such as `concat` declares as a field, with their places.
  private func ownReferences(_ content: LayerSpec.Content, _ value: YAMLNode?) -> [Reference]? {
    guard case .layer(let layer) = content, let names = layer.ownReferences, let value else {
      return nil
    }
    let nodes = value.sequence ?? value.mapping?.entries.compactMap(\.value.sequence).first ?? []
    return names.enumerated().map { index, name in
      Reference(name: name, range: index < nodes.count ? nodes[index].range : value.range)
    }
  }

  /// The references that a layer such as cross-attention declares besides, with their places.
  private func furtherReferences(
    _ content: LayerSpec.Content, _ value: YAMLNode?
  ) -> [Reference] {
    guard case .layer(let layer) = content, let value else { return [] }
    let scalars =
      value.mapping?.entries.flatMap { $0.value.sequence ?? [$0.value] } ?? [value]
    return layer.furtherReferences.map { name in
      let place = scalars.first { $0.scalar?.text == name }
      return Reference(name: name, range: place?.range ?? value.range)
    }
  }

  private mutating func readNormalisation(_ neighbours: YAMLMapping) -> WeightNormalisation? {
    let weight = neighbours["weight_norm"].map { read(Bool.self, $0) ?? false } ?? false
    let spectral = neighbours["spectral_norm"].map { read(Bool.self, $0) ?? false } ?? false
    if weight, spectral, let node = neighbours["spectral_norm"] {
      error(
        "conflicting-fields", "weights are normalised by weight_norm or by spectral_norm, not both",
        at: node.range, help: "Keep one of them.")
    }
    return spectral ? .spectral : weight ? .weight : nil
  }

  // MARK: Structures

  private mutating func readStructure(_ head: KindHead, at range: SourceRange) -> LayerSpec.Content?
  {
    switch head.word {
    case "residual":
      let projects = head.neighbours["project"].map { read(Bool.self, $0) } ?? false
      guard let layers = structureValue(head).flatMap({ readLayers($0) }), let projects else {
        return nil
      }
      return .residual(layers, projects: projects)
    case "repeat":
      let times = structureValue(head).flatMap { read(Int.self, $0, range: .between(1, 10_000)) }
      guard let list = head.neighbours["layers"] else {
        error(
          "missing-field", "'repeat' needs 'layers': what to repeat", at: head.wordRange,
          help: "Write the layers beside it: - repeat: 3, and under it layers: [...].")
        return nil
      }
      guard let layers = readLayers(list), let times else { return nil }
      return .repeated(times, layers)
    case "split":
      return readSplit(head)
    case "block":
      return readBlock(head, at: range)
    default:
      return readBranch(head)
    }
  }

  private mutating func readBranch(_ head: KindHead) -> LayerSpec.Content? {
    guard let value = structureValue(head) else { return nil }
    guard let paths = value.mapping, !paths.entries.isEmpty else {
      return wrongType(
        value, "names with a list of layers each, such as {left: [...], right: [...]}")
    }
    var read: [LayerSpec.Path] = []
    for entry in paths.entries {
      // An empty path passes its input on.
      let isEmpty = entry.value.sequence?.isEmpty ?? (entry.value.scalar?.value == .null)
      guard let layers = isEmpty ? [] : readLayers(entry.value) else { continue }
      read.append(.init(name: Reference(name: entry.key, range: entry.keyRange), layers: layers))
    }
    return read.count == paths.entries.count ? .branch(read) : nil
  }

  /// Parts with sizes, one of them perhaps -1, or names alone for parts of one size.
  private mutating func readSplit(_ head: KindHead) -> LayerSpec.Content? {
    let axis = head.neighbours["axis"].map { read(Int.self, $0, range: .atLeast(0)) }
    guard let value = structureValue(head) else { return nil }
    var parts: [LayerSpec.Part] = []
    if let entries = value.mapping?.entries, !entries.isEmpty {
      for entry in entries {
        guard let size = readPartSize(entry.value) else { continue }
        parts.append(
          .init(
            name: Reference(name: entry.key, range: entry.keyRange),
            size: size == -1 ? nil : size))
      }
      guard parts.count == entries.count else { return nil }
    } else if let names = value.sequence, !names.isEmpty {
      parts = names.compactMap { readReference($0) }.map { .init(name: $0, size: nil) }
      guard parts.count == names.count else { return nil }
    } else {
      return wrongType(
        value, "names with their sizes, such as {left: 3, right: 5}, or a list of names")
    }
    if let axis, axis == nil { return nil }
    return .split(parts, axis: axis ?? nil)
  }

  private mutating func readPartSize(_ node: YAMLNode) -> Int? {
    if case .int(-1)? = node.scalar?.value { return -1 }
    return read(Int.self, node, range: .atLeast(1))
  }

  private mutating func readBlock(_ head: KindHead, at range: SourceRange) -> LayerSpec.Content? {
    guard let value = structureValue(head) else { return nil }
    guard value.sequence != nil else {
      return wrongType(value, "the name of a block, or a list of layers")
    }
    // Layers from the section `blocks` do not stand where they are used.
    let isElsewhere = value.range.start < range.start || range.end < value.range.end
    if isElsewhere { blockUses.append(head.wordRange) }
    defer { if isElsewhere { blockUses.removeLast() } }
    return readLayers(value).map { .block($0, usedAt: isElsewhere ? head.wordRange : nil) }
  }

  private mutating func structureValue(_ head: KindHead) -> YAMLNode? {
    if let value = head.value { return value }
    error(
      "missing-field", "'\(head.word)' says nothing about what it holds", at: head.wordRange,
      help: structureHelp[head.word])
    return nil
  }
}

private let structureNeighbours: [String: Set<String>] = [
  "residual": ["project"], "repeat": ["layers"], "split": ["axis"],
]

private let structureHelp = [
  "residual": "Put its layers under it: - residual: [layer_norm, {dense: 16}].",
  "repeat": "Write how often: - repeat: 3, and beside it layers: [...].",
  "branch": "Name its paths: - branch: {left: [...], right: [...]}.",
  "split": "Name its parts: - split: {left: 3, right: 5}, or - split: [left, right] for halves.",
  "block":
    "Name a block of the section blocks, or list layers: - block: [{dense: 8}, dropout: 0.1].",
]
