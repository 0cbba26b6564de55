import NNDiagnostics
import NNYAML

/// The section `vars`.
struct Variables {
  enum State {
    case written(YAMLNode)
    /// Its value is being computed.
    case open
    case computed(Expansion.Binding)
  }

  var states: [String: State] = [:]
  /// In the order of the file.
  var names: [(name: String, range: SourceRange)] = []
  var used: Set<String> = []
  /// How many are being computed, one for the sake of another.
  var openCount = 0
}

extension Expansion {
  private static let longestChain = 100

  mutating func readVariables(_ node: YAMLNode) {
    if node.scalar?.value == .null { return }
    guard let mapping = node.mapping else {
      let _: Void? = reader.wrongType(node, "a mapping of names and values")
      return
    }
    for entry in mapping.entries {
      checkName(entry, "a variable")
      variables.names.append((entry.key, entry.keyRange))
      variables.states[entry.key] = .written(entry.value)
    }
  }

  mutating func checkName(_ entry: YAMLMapping.Entry, _ what: String) {
    guard !Formula.isName(entry.key) else { return }
    reader.error(
      "bad-name", "'\(entry.key)' cannot be the name of \(what)", at: entry.keyRange,
      help: "Use letters, digits and '_', not first a digit; a '-' would be a minus.")
  }

  mutating func computeVariables() {
    for (name, range) in variables.names { _ = try? compute(name, at: range) }
  }

  /// What a name stands for, or a report that nothing is called so.
  mutating func lookUp(
    _ name: String, at range: SourceRange, _ scope: Scope
  ) throws(Reported) -> YAMLNode {
    if let block = scope.block,
      let parameter = scope.parameters.first(where: { $0.name == name })
    {
      blocks.used[block, default: []].insert(name)
      return try known(parameter.value)
    }
    variables.used.insert(name)
    if variables.states[name] != nil { return try known(compute(name, at: range)) }
    let names = scope.parameters.map(\.name) + variables.names.map(\.name)
    let suggestion = nearest(to: name, among: names)
    let all = names.isEmpty ? "Define it under vars." : "There are \(listed(names))."
    throw reported(
      "unknown-variable", "nothing is called '\(name)' here", at: range,
      label: suggestion.map(didYouMean), help: suggestion == nil ? all : nil)
  }

  private func known(_ binding: Binding) throws(Reported) -> YAMLNode {
    switch binding {
    case .node(let node): return node
    case .unknown(let range): throw Reported(range: range)
    }
  }

  /// - range: where the value is asked for.
  private mutating func compute(
    _ name: String, at range: SourceRange
  ) throws(Reported) -> Binding {
    switch variables.states[name] {
    case .computed(let binding): return binding
    case .written(let node):
      guard variables.openCount < Self.longestChain else {
        throw reported(
          "too-deep", "more than \(Self.longestChain) variables are computed from each other",
          at: range)
      }
      variables.states[name] = .open
      variables.openCount += 1
      // Whoever uses the variable has nothing to do with how it is computed.
      let uses = reader.blockUses
      reader.blockUses = []
      let value = Binding(walk(node, Scope(), depth: 1))
      reader.blockUses = uses
      variables.openCount -= 1
      // A cycle has been noted already.
      if case .open? = variables.states[name] { variables.states[name] = .computed(value) }
      return value
    case .open, nil:
      let error = reported(
        "variable-cycle", "the variable '\(name)' is computed from itself", at: range)
      variables.states[name] = .computed(.unknown(range))
      throw error
    }
  }
}
