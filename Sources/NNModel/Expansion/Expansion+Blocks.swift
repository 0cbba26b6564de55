import NNDiagnostics
import NNYAML

/// The section `blocks`.
struct Blocks {
  struct Block {
    let range: SourceRange
    /// With their defaults, null where one must be given.
    let parameters: [YAMLMapping.Entry]
    let layers: YAMLNode
  }

  var defined: [String: Block] = [:]
  /// In the order of the file.
  var names: [String] = []
  /// Of the blocks that are used the parameters that their layers read.
  var used: [String: Set<String>] = [:]
  /// Those whose layers are being put in, outermost first.
  var open: [String] = []
}

extension Expansion {
  private static let fields = ["with", "layers"]

  // MARK: Definitions

  mutating func readBlocks(_ node: YAMLNode) {
    if node.scalar?.value == .null { return }
    guard let mapping = node.mapping else {
      let _: Void? = reader.wrongType(
        node, "a mapping of blocks, each with its layers",
        help: "Such as blocks: {twice: {layers: [{dense: 8}, {dense: 8}]}}.")
      return
    }
    for entry in mapping.entries { readBlock(entry) }
  }

  private mutating func readBlock(_ entry: YAMLMapping.Entry) {
    let range = entry.keyRange
    var (parameters, layers) = ([YAMLMapping.Entry](), YAMLNode.standIn(at: range))
    if let mapping = entry.value.mapping {
      var misspelt: Set<String?> = []
      for field in mapping.entries where !Self.fields.contains(field.key) {
        misspelt.insert(
          reader.unknownField(field, owner: "the block '\(entry.key)'", among: Self.fields))
      }
      if let with = mapping["with"] { parameters = readParameters(with) }
      if let list = mapping["layers"] {
        layers = list
      } else if !misspelt.contains("layers") {
        reader.error(
          "missing-field", "the block '\(entry.key)' has no 'layers'", at: range,
          help: "List them: layers: [{dense: 8}, dropout: 0.1].")
      }
    } else {
      let _: Void? = reader.wrongType(
        entry.value, "a mapping with 'layers', and 'with' for parameters")
      layers = .standIn(at: entry.value.range)
    }
    blocks.names.append(entry.key)
    blocks.defined[entry.key] = .init(range: range, parameters: parameters, layers: layers)
  }

  private mutating func readParameters(_ node: YAMLNode) -> [YAMLMapping.Entry] {
    if node.scalar?.value == .null { return [] }
    guard let mapping = node.mapping else {
      return reader.wrongType(node, "a mapping of parameters and their defaults") ?? []
    }
    for entry in mapping.entries { checkName(entry, "a parameter") }
    return mapping.entries
  }

  // MARK: Uses

  /// A layer `block: name` with the block's layers in place of the name, and without `with`.
  mutating func withLayers(_ node: YAMLNode, _ scope: Scope, depth: Int) -> YAMLNode {
    guard let mapping = node.mapping else { return node }
    var entries: [YAMLMapping.Entry] = []
    for entry in mapping.entries where entry.key != "with" {
      var entry = entry
      entry.value = walk(entry.value, scope, depth: depth + 1)
      if entry.key == "block", let name = entry.value.scalar, name.value != .null {
        entry.value = layers(entry, with: mapping["with"], scope, depth: depth + 1)
      }
      entries.append(entry)
    }
    return YAMLNode(.mapping(YAMLMapping(entries)), at: node.range)
  }

  private mutating func layers(
    _ entry: YAMLMapping.Entry, with arguments: YAMLNode?, _ scope: Scope, depth: Int
  ) -> YAMLNode {
    do throws(Reported) {
      let (name, block) = try find(entry.value)
      let given = self.arguments(arguments, of: name, block, scope, depth: depth)
      blocks.open.append(name)
      reader.blockUses.append(entry.keyRange)
      defer {
        blocks.open.removeLast()
        reader.blockUses.removeLast()
      }
      blocks.used[name] = blocks.used[name] ?? []
      var inner = Scope(block: name)
      for parameter in block.parameters {
        inner.parameters.append(
          (parameter.key, value(of: parameter, given, entry, name, inner, depth: depth)))
      }
      return walk(block.layers, inner, depth: depth)
    } catch {
      return .standIn(at: error.range)
    }
  }

  private mutating func find(_ node: YAMLNode) throws(Reported) -> (String, Blocks.Block) {
    let name = node.scalar?.text ?? ""
    guard let block = blocks.defined[name] else {
      let suggestion = nearest(to: name, among: blocks.names)
      let all =
        blocks.names.isEmpty
        ? "Define it under blocks." : "There are \(listed(blocks.names))."
      throw reported(
        "unknown-block", "there is no block '\(name)'", at: node.range,
        label: suggestion.map(didYouMean), help: suggestion == nil ? all : nil)
    }
    guard let first = blocks.open.firstIndex(of: name) else { return (name, block) }
    let between = blocks.open[(first + 1)...].map { "'\($0)'" }
    throw reported(
      "block-cycle",
      "the block '\(name)' holds itself"
        + (between.isEmpty ? "" : ", by way of \(listed(between))"), at: node.range,
      help: "Write 'repeat' for layers that follow each other several times.")
  }

  private mutating func arguments(
    _ node: YAMLNode?, of name: String, _ block: Blocks.Block, _ scope: Scope, depth: Int
  ) -> [String: Binding] {
    guard let node, node.scalar?.value != .null else { return [:] }
    guard let mapping = node.mapping else {
      return reader.wrongType(node, "a mapping of the block's parameters") ?? [:]
    }
    let names = block.parameters.map(\.key)
    var given: [String: Binding] = [:]
    for entry in mapping.entries {
      let value = Binding(walk(entry.value, scope, depth: depth + 1))
      if names.contains(entry.key) {
        given[entry.key] = value
        continue
      }
      let suggestion = nearest(to: entry.key, among: names)
      let all = names.isEmpty ? "It has none." : "It has \(listed(names))."
      reader.error(
        "unknown-parameter", "the block '\(name)' has no parameter '\(entry.key)'",
        at: entry.keyRange, label: suggestion.map(didYouMean),
        help: suggestion == nil ? all : nil, notes: [.init("the block", at: block.range)])
    }
    return given
  }

  /// The value of a parameter: given where the block is used, else its default, which may be
  /// computed from the parameters before it.
  private mutating func value(
    of parameter: YAMLMapping.Entry, _ given: [String: Binding], _ use: YAMLMapping.Entry,
    _ name: String, _ scope: Scope, depth: Int
  ) -> Binding {
    let isRequired = parameter.value.scalar?.value == .null
    if let value = given[parameter.key] {
      guard isRequired, case .node(let node) = value, node.scalar?.value == .null else {
        return value
      }
    }
    guard isRequired else { return Binding(walk(parameter.value, scope, depth: depth)) }
    // Told from outside the block.
    let inside = reader.blockUses.removeLast()
    defer { reader.blockUses.append(inside) }
    reader.error(
      "missing-parameter", "the block '\(name)' needs '\(parameter.key)'", at: use.value.range,
      help: "Give it beside the block: with: {\(parameter.key): …}.",
      notes: [.init("a parameter without a default", at: parameter.keyRange)])
    return .unknown(use.value.range)
  }

  // MARK: What is not used

  /// Warns of blocks, parameters and variables that nothing uses.
  mutating func warnOfUnused() {
    var isAllRead = true
    for name in blocks.names {
      guard let block = blocks.defined[name] else { continue }
      guard let read = blocks.used[name] else {
        isAllRead = false
        reader.warning("unused-block", "nothing uses the block '\(name)'", at: block.range)
        continue
      }
      for parameter in block.parameters where !read.contains(parameter.key) {
        reader.warning(
          "unused-parameter", "no layer of the block '\(name)' reads '\(parameter.key)'",
          at: parameter.keyRange)
      }
    }
    // Layers that were never put in may be what reads a variable.
    guard isAllRead else { return }
    for (name, range) in variables.names where !variables.used.contains(name) {
      reader.warning("unused-variable", "nothing reads the variable '\(name)'", at: range)
    }
  }
}
