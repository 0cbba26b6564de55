package import NNDiagnostics
package import NNYAML

extension Reader {
  /// Reads a section from a mapping of its fields.
  ///
  /// - owner: how messages call it: `'dense'`, `'train'`.
  /// - isKnownElsewhere: keys that belong to the place, read by the caller.
  package mutating func readSection<S: Section>(
    _ type: S.Type, _ mapping: YAMLMapping, owner: String, at range: SourceRange,
    except isKnownElsewhere: Set<String> = []
  ) -> S? {
    let declared = S.fields
    var values: [String: any AnyField] = [:]
    var misspelt: Set<String> = []
    var isComplete = true
    for entry in mapping.entries where !isKnownElsewhere.contains(entry.key) {
      guard let (name, field) = declared.first(where: { $0.name == entry.key }) else {
        let meant = unknownField(
          entry, owner: owner, among: declared.map(\.name) + isKnownElsewhere.sorted())
        if let meant { misspelt.insert(meant) }
        isComplete = false
        continue
      }
      if let value = field.reading(entry.value, &self) {
        values[name] = value
      } else {
        isComplete = false
        // A wrong value is reported; it must not be reported as missing too.
        values[name] = field
      }
    }
    for (name, field) in declared where values[name] == nil {
      if field.isRequired, !misspelt.contains(name) {
        error(
          "missing-field", "\(owner) needs '\(name)': \(field.help.asClause)", at: range,
          help: "Write \(name): followed by \(field.expectation).")
        isComplete = false
      }
      values[name] = field
    }
    return isComplete ? make(type, values) : nil
  }

  /// Reads a section from the value of its principal field alone.
  package mutating func readPrincipal<S: Section>(
    _ type: S.Type, _ node: YAMLNode, owner: String
  ) -> S? {
    let declared = S.fields
    guard let (principal, field) = declared.first(where: { $0.field.isPrincipal }) else {
      error(
        "wrong-type",
        declared.isEmpty
          ? "\(owner) takes no value" : "\(owner) takes fields, found \(node.described)",
        at: node.range,
        help: declared.isEmpty
          ? "Write the bare word." : "Its fields are \(listed(declared.map(\.name))).")
      return nil
    }
    var values = Dictionary(uniqueKeysWithValues: declared.map { ($0.name, $0.field) })
    guard let value = field.reading(node, &self) else { return nil }
    values[principal] = value
    for (name, field) in declared where field.isRequired && name != principal {
      error(
        "missing-field", "\(owner) needs '\(name)': \(field.help.asClause)", at: node.range,
        help: "Write \(owner.trimmingQuotes): {\(principal): …, \(name): …}.")
      return nil
    }
    return make(type, values)
  }

  /// Reads a section with all its defaults, as a bare word has them.
  package mutating func readDefaults<S: Section>(
    _ type: S.Type, owner: String, at range: SourceRange
  ) -> S? {
    readSection(type, YAMLMapping([]), owner: owner, at: range)
  }

  /// Reports a key that nothing reads, and returns the name that was probably meant.
  @discardableResult
  package mutating func unknownField(
    _ entry: YAMLMapping.Entry, owner: String, among names: [String]
  ) -> String? {
    let isOfPlace = besideKind.contains(entry.key)
    let suggestion = isOfPlace ? nil : nearestField(to: entry.key, among: names)
    let fields = names.isEmpty ? "It takes no fields." : "Its fields are \(listed(names))."
    let wayOut = isOfPlace ? "Write it beside \(owner), not inside." : fields
    error(
      "unknown-field", "\(owner) has no field '\(entry.key)'", at: entry.keyRange,
      label: suggestion.map(didYouMean), help: suggestion == nil ? wayOut : nil)
    return suggestion
  }

  private func make<S: Section>(_ type: S.Type, _ values: [String: any AnyField]) -> S? {
    // The synthesized initializer asks by property name, the file says it in snake case.
    var byProperty: [String: any AnyField] = [:]
    for child in Mirror(reflecting: S()).children {
      guard child.value is any AnyField, let label = child.label?.drop(while: { $0 == "_" })
      else { continue }
      byProperty[String(label)] = values[snakeCase(label)]
    }
    return try? S(from: FieldDecoder(byProperty))
  }
}

/// The field that a word most likely means: what other tools call so, or the nearest spelling.
func nearestField(to word: String, among names: [String]) -> String? {
  if let name = fieldSynonyms[word], names.contains(name) { return name }
  return nearest(to: word, among: names)
}

/// Words other tools use for what has another name here.
private let fieldSynonyms: [String: String] = [
  "learning_rate": "lr", "batch_size": "batch", "num_epochs": "epochs", "max_steps": "steps",
  "out_features": "units", "out_channels": "filters", "kernel_size": "kernel",
  "strides": "stride", "pool_size": "kernel", "p": "rate", "dropout_rate": "rate",
  "betas": "beta1", "epsilon": "eps", "name": "id", "inputs": "from", "input": "from",
  "negative_slope": "slope", "use_bias": "bias", "target_size": "shape", "normalized": "scale",
  "num_heads": "heads", "num_kv_heads": "kv_heads", "is_causal": "causal", "num_experts": "experts",
  "num_embeddings": "vocabulary", "embedding_dim": "units", "padding_idx": "padding",
  "random_state": "seed", "val": "validation", "dev": "validation", "frozen": "freeze",
  "params": "match", "accumulate_grad_batches": "accumulate",
  "gradient_accumulation_steps": "accumulate", "etas": "eta_minus", "step_sizes": "step_min",
  "history_size": "history", "gradient_checkpointing": "checkpoint_activations",
]

/// `a, b and c`.
package func listed(_ words: [String]) -> String {
  guard let last = words.last, words.count > 1 else { return words.first ?? "" }
  return words.dropLast().joined(separator: ", ") + " and " + last
}

extension String {
  /// A sentence as a part of another: without its full stop and its capital.
  var asClause: String {
    var text = self
    if text.hasSuffix(".") { text.removeLast() }
    guard let first = text.first, !text.dropFirst().prefix(1).contains(where: \.isUppercase) else {
      return text
    }
    return first.lowercased() + text.dropFirst()
  }

  var trimmingQuotes: String { String(drop { $0 == "'" }.reversed().drop { $0 == "'" }.reversed()) }
}
