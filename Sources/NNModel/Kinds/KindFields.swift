import NNYAML

// Fields that hold a kind: `activation: relu`, `weights: {normal: {deviation: 0.02}}`.

extension Field where Value == any Activation {
  package init(wrappedValue: any Activation, _ help: String, principal: Bool = false) {
    self.init(
      kind: wrappedValue, help, principal, "an activation", sample: "relu", write: { $0.written },
      read: { node, reader in reader.readKind(node, reader.catalogue.activations)?.instance })
  }

  package init(_ help: String, principal: Bool = false) {
    self.init(
      kind: nil, help, principal, "an activation", sample: "relu", write: { $0.written },
      read: { node, reader in reader.readKind(node, reader.catalogue.activations)?.instance })
  }
}

extension Field where Value == any Initializer {
  package init(wrappedValue: any Initializer, _ help: String) {
    self.init(
      kind: wrappedValue, help, false, "an initializer", sample: "zeros", write: { $0.written },
      read: { node, reader in reader.readInitializer(node) })
  }
}

extension Field where Value == (any Initializer)? {
  /// An initializer, or nil where the kind has one of its own that no word names.
  package init(wrappedValue: (any Initializer)?, _ help: String) {
    self.init(
      kind: .some(wrappedValue), help, false, "an initializer", sample: "zeros",
      write: { $0?.written ?? "null" },
      read: { node, reader in
        node.scalar?.value == .null ? .some(nil) : reader.readInitializer(node).map { .some($0) }
      })
  }
}

extension Reader {
  fileprivate mutating func readInitializer(_ node: YAMLNode) -> (any Initializer)? {
    let read = readKind(node, catalogue.initializers)
    if let read { note(read) }
    return read?.instance
  }
}

extension Field {
  fileprivate init(
    kind value: Value?, _ help: String, _ principal: Bool, _ expectation: String,
    sample: String, write: @escaping @Sendable (Value) -> String, read: @escaping Read
  ) {
    self.init(
      default: value, defaultText: value.flatMap { ($0 as? any Kind)?.wordOfType }, help: help,
      principal: principal, range: nil, expectation: expectation, holdsKind: true, sample: sample,
      read: read, write: write)
  }
}

extension Kind {
  fileprivate var wordOfType: String { Self.word }
}
