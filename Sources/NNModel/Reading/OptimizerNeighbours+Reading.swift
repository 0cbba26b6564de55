package import NNDiagnostics
package import NNGraph
import NNTensor
import NNYAML

/// The keys beside an optimizer that ``Reader/readWrappers(_:of:into:)`` reads.
let wrapperKeys: Set = ["groups", "clip_adaptive", "lookahead", "ema", "swa"]

extension Reader {
  /// Reads what stands beside an optimizer besides schedules and single numbers.
  ///
  /// Returns nil after reporting what cannot be read.
  mutating func readWrappers(
    of read: ReadKind<any Optimizer>, into spec: OptimizerSpec
  ) -> OptimizerSpec? {
    let before = diagnostics.count
    let beside = read.neighbours
    var spec = spec
    if let conflict = read.instance.conflict {
      error("conflicting-fields", conflict.message, at: read.wordRange, help: conflict.help)
    }
    spec.clipAdaptive = beside["clip_adaptive"].flatMap { self.read(AdaptiveClipping.self, $0) }
    spec.lookahead = beside["lookahead"].flatMap { self.read(Lookahead.self, $0) }
    let ema = beside["ema"].flatMap { self.read(ExponentialAverage.self, $0) }
    let swa = beside["swa"].flatMap { self.read(StochasticAverage.self, $0) }
    spec.average = ema.map { .exponential($0) } ?? swa.map { .stochastic($0) }
    checkAverages(read)
    if let node = beside["groups"] { spec.groups = readGroups(node, read) }
    return diagnostics[before...].contains { $0.severity == .error } ? nil : spec
  }

  /// There is one set of weights to evaluate and keep, so there is one average of them.
  private mutating func checkAverages(_ read: ReadKind<any Optimizer>) {
    let entries = read.neighbours.entries.filter { $0.key == "ema" || $0.key == "swa" }
    guard let last = entries.last else { return }
    if entries.count > 1 {
      error(
        "conflicting-fields", "ema and swa both say which average of the weights is kept",
        at: last.keyRange, help: "Keep one of them.",
        notes: [.init("the other one", at: entries[0].keyRange)])
    }
    let averages = [read.instance.method(for: [1]), read.instance.method(for: [1, 1])].contains {
      if case .elementwise(let formula) = $0 {
        formula.evaluated(parameter: 0, state: formula.states.map { _ in 0 }) != nil
      } else {
        false
      }
    }
    if averages {
      error(
        "conflicting-fields", "'\(read.word)' keeps an average of the weights already",
        at: entries[0].keyRange, help: "Leave \(entries[0].key) away.")
    }
  }

  // MARK: Groups

  private mutating func readGroups(
    _ node: YAMLNode, _ read: ReadKind<any Optimizer>
  ) -> [ParameterGroup] {
    guard let entries = node.sequence else {
      return wrongType(node, "a list of groups such as [{match: \"*.bias\", weight_decay: 0}]")
        ?? []
    }
    return entries.compactMap { readGroup($0, read) }
  }

  private mutating func readGroup(
    _ node: YAMLNode, _ read: ReadKind<any Optimizer>
  ) -> ParameterGroup? {
    guard let mapping = node.mapping else {
      return wrongType(node, "a group such as {match: \"*.bias\", weight_decay: 0}")
    }
    let fields = catalogue.optimizers.entry(read.word)?.type.fields ?? []
    let names = ["match", "freeze"] + fields.map(\.name)
    var misspelt: Set<String> = []
    for entry in mapping.entries where !names.contains(entry.key) {
      let meant = unknownField(entry, owner: "a group of '\(read.word)'", among: names)
      if let meant { misspelt.insert(meant) }
    }
    let changes = mapping.entries.filter { entry in fields.contains { $0.name == entry.key } }
    if let change = changes.first, case .joined = read.instance.method(for: [1]) {
      error(
        "conflicting-fields", "'\(read.word)' moves all parameters together", at: change.keyRange,
        help: "A group of it can only freeze: true.")
    }
    let patterns = mapping["match"].map { readPatterns($0) }
    if patterns == nil, !misspelt.contains("match") {
      error(
        "missing-field", "the group does not say which parameters it is about", at: node.range,
        help: "Write match: followed by a pattern of names, such as \"*.bias\".")
    }
    let isFrozen = mapping["freeze"].map { self.read(Bool.self, $0) } ?? false
    guard let optimizer = variant(of: read, changes, at: node.range), let patterns, let isFrozen
    else { return nil }
    if let conflict = optimizer.conflict, read.instance.conflict == nil {
      error("conflicting-fields", conflict.message, at: node.range, help: conflict.help)
    }
    return ParameterGroup(patterns: patterns, optimizer: optimizer, isFrozen: isFrozen)
  }

  private mutating func readPatterns(_ node: YAMLNode) -> [Reference] {
    let nodes = node.sequence ?? [node]
    if nodes.isEmpty {
      error(
        "wrong-type", "the list of patterns is empty", at: node.range,
        help: "Write a pattern of names, such as \"*.bias\".")
    }
    return nodes.compactMap { readReference($0) }
  }

  /// The optimizer with some of its fields changed.
  private mutating func variant(
    of read: ReadKind<any Optimizer>, _ changes: [YAMLMapping.Entry], at range: SourceRange
  ) -> (any Optimizer)? {
    guard !changes.isEmpty else { return read.instance }
    var entries: [YAMLMapping.Entry] = []
    if let value = read.value {
      let fields = catalogue.optimizers.entry(read.word)?.type.fields ?? []
      if let mapping = value.mapping {
        entries = mapping.entries
      } else if let principal = fields.first(where: \.field.isPrincipal) {
        entries = [.init(key: principal.name, keyRange: value.range, value: value)]
      }
    }
    entries.removeAll { entry in changes.contains { $0.key == entry.key } }
    return readFields(
      of: read.word, catalogue.optimizers, YAMLMapping(entries + changes), at: range)
  }

  /// Reports an optimizer that would keep more of a model's parameters than any machine could hold.
  ///
  /// - range: where the optimizer stands.
  package mutating func checkMemory(
    of spec: OptimizerSpec, _ graph: Graph, at range: SourceRange
  ) {
    guard case .joined(let formula) = spec.optimizer.method(for: [1]) else { return }
    let count = graph.parameters.reduce(0) { $0 + graph.type($1.value).shape.count }
    let kept = formula.states(for: [count]).reduce(0) { $0 + ($1.shape?.count ?? count) }
    guard kept > 1 << 31 else { return }
    error(
      "out-of-range",
      "the optimizer would keep \(kept) numbers of \(count) parameters, and 2³¹ is the most",
      at: range, help: "Take a shorter history, or an optimizer for large models such as adamw.")
  }

  /// Reports groups that no parameter of the model belongs to.
  package mutating func checkGroups(_ spec: OptimizerSpec, _ graph: Graph) {
    let names = graph.parameters.filter { $0.role != .state }.map(\.name)
    for (index, group) in spec.groups.enumerated() {
      for pattern in group.patterns where !names.contains(where: Glob(pattern.name).matches) {
        let suggestion = nearest(to: pattern.name, among: suggestions(names))
        error(
          "unmatched-pattern", "no parameter is called '\(pattern.name)'", at: pattern.range,
          label: suggestion.map(didYouMean),
          help: suggestion == nil ? "There are \(listedShortly(names))." : nil)
      }
      guard let pattern = group.patterns.first, names.contains(where: group.matches),
        !names.contains(where: { spec.group(of: $0) == index })
      else { continue }
      error(
        "unmatched-pattern", "all parameters called '\(pattern.name)' belong to groups above",
        at: pattern.range,
        help: "A parameter belongs to the first group that matches it: move this one up.")
    }
  }

  /// Whole names, and patterns of what they begin and end with.
  private func suggestions(_ names: [String]) -> [String] {
    var found: [String] = []
    for name in names {
      let parts = name.split(separator: ".")
      let first = parts.first.map { "\($0).*" } ?? name
      let last = parts.last.map { "*.\($0)" } ?? name
      for candidate in [last, first, name] where !found.contains(candidate) {
        found.append(candidate)
      }
    }
    return found
  }

  private func listedShortly(_ names: [String]) -> String {
    names.count <= 12 ? listed(names) : names.prefix(10).joined(separator: ", ") + ", …"
  }
}
