import NNYAML

// Fields that hold a kind: `activation: relu`, `weights: {normal: {deviation: 0.02}}`.

extension Field where Value == any Activation {
  package init(wrappedValue: any Activation, _ help: String, principal: Bool = false) {
    self.init(
      kind: wrappedValue, help, principal, "an activation",
      read: { node, reader in reader.readKind(node, reader.catalogue.activations)?.instance })
  }

  package init(_ help: String, principal: Bool = false) {
    self.init(
      kind: nil, help, principal, "an activation",
      read: { node, reader in reader.readKind(node, reader.catalogue.activations)?.instance })
  }
}

extension Field where Value == any Initializer {
  package init(wrappedValue: any Initializer, _ help: String) {
    self.init(
      kind: wrappedValue, help, false, "an initializer",
      read: { node, reader in
        let read = reader.readKind(node, reader.catalogue.initializers)
        if let read { reader.note(read) }
        return read?.instance
      })
  }
}

extension Field {
  fileprivate init(
    kind value: Value?, _ help: String, _ principal: Bool, _ expectation: String,
    read: @escaping Read
  ) {
    self.init(
      default: value, defaultText: value.flatMap { ($0 as? any Kind)?.wordOfType }, help: help,
      principal: principal, range: nil, expectation: expectation, holdsKind: true, read: read)
  }
}

extension Kind {
  fileprivate var wordOfType: String { Self.word }
}
