package import NNDiagnostics
package import NNYAML

/// A thing a model file may name: a layer, an activation, a loss, an optimizer, a source, …
///
/// A kind is one struct in one file, one line of its category's registry, and a test.
package protocol Kind: Section {
  /// The word in the file, such as `dense`.
  static var word: String { get }
  /// One or two sentences for the manual; the first says what it is.
  static var summary: String { get }
  /// The kind as one might write it: `dense: {units: 64, activation: relu}`.
  static var example: String { get }
}

extension Kind {
  /// Made of the declaration: the word with what must be given.
  package static var example: String {
    let fields = fields
    let required = fields.filter(\.field.isRequired)
    if required.count == 1, required[0].field.isPrincipal {
      return "\(word): \(required[0].field.sample)"
    }
    if required.isEmpty { return word }
    return "\(word): {"
      + required.map { "\($0.name): \($0.field.sample)" }.joined(separator: ", ") + "}"
  }

  /// The kind with all its fields, as one would write it.
  package var written: String {
    Self.fields.isEmpty ? Self.word : "{\(Self.word): \(writtenFields)}"
  }
}

/// The kinds of one category, by the word that names them.
package struct Registry<Instance: Sendable>: Sendable {
  package struct Entry: Sendable {
    package let word: String
    package let summary: String
    package let type: any Kind.Type
    /// What it belongs to in the manual, where a category is large.
    package let family: String?
    fileprivate let read: @Sendable (KindForm, inout Reader) -> Instance?
  }

  /// How messages call one of these: `layer`, `activation`.
  package let noun: String
  package private(set) var entries: [Entry] = []

  package init(_ noun: String) {
    self.noun = noun
  }

  /// Adds a kind; `wrap` is its upcast.
  package mutating func add<K: Kind>(
    _ type: K.Type, family: String? = nil, _ wrap: @escaping @Sendable (K) -> Instance
  ) {
    entries.append(
      Entry(word: K.word, summary: K.summary, type: type, family: family) { form, reader in
        let kind: K? =
          switch form {
          case .word(let range):
            reader.readDefaults(type, owner: "'\(K.word)'", at: range)
          case .principal(let node):
            reader.readPrincipal(type, node, owner: "'\(K.word)'")
          case .fields(let mapping, let range):
            reader.readSection(type, mapping, owner: "'\(K.word)'", at: range)
          }
        return kind.map(wrap)
      })
  }

  package var words: [String] { entries.map(\.word) }

  package func entry(_ word: String) -> Entry? { entries.first { $0.word == word } }
}

extension Registry.Entry {
  /// Whether a mapping is the kind in the principal field, such as the one of
  /// `activation: {leaky_relu: 0.2}`, rather than fields by name.
  fileprivate func isPrincipalKind(_ mapping: YAMLMapping) -> Bool {
    let fields = type.fields
    guard fields.contains(where: { $0.field.isPrincipal && $0.field.holdsKind }) else {
      return false
    }
    return !mapping.entries.contains { entry in fields.contains { $0.name == entry.key } }
  }
}

/// The three ways to write a kind.
private enum KindForm {
  case word(SourceRange)
  case principal(YAMLNode)
  case fields(YAMLMapping, SourceRange)
}

/// A kind as read, with the keys beside its word and the places to point at.
package struct ReadKind<Instance: Sendable>: Sendable {
  package let instance: Instance
  package let word: String
  /// Where the word stands.
  package let wordRange: SourceRange
  /// The value beside the word, if any.
  package let value: YAMLNode?
  /// The keys that belong to the place.
  package let neighbours: YAMLMapping
}

extension Reader {
  /// Reads a kind in any of its three forms.
  ///
  /// - neighbours: the keys that may stand beside the kind's word.
  package mutating func readKind<Instance>(
    _ node: YAMLNode, _ registry: Registry<Instance>, neighbours: Set<String> = []
  ) -> ReadKind<Instance>? {
    let fields = { registry.entry($0)?.type.fields.map(\.name) ?? [] }
    guard
      let head = readHead(
        node, noun: registry.noun, words: registry.words, neighbours, fields: fields)
    else { return nil }
    guard let entry = registry.entry(head.word) else {
      unknownKind(head, noun: registry.noun, words: registry.words)
      return nil
    }
    // What stands for a mistake is not what a bare word says.
    if let value = head.value, value.isStandIn { return nil }
    let form: KindForm =
      switch head.value {
      case nil: .word(head.wordRange)
      case let value? where value.scalar?.value == .null: .word(head.wordRange)
      case let value?:
        if let mapping = value.mapping, !entry.isPrincipalKind(mapping) {
          .fields(mapping, head.wordRange)
        } else {
          .principal(value)
        }
      }
    let outer = besideKind
    besideKind = neighbours
    defer { besideKind = outer }
    guard let instance = entry.read(form, &self) else { return nil }
    return ReadKind(
      instance: instance, word: head.word, wordRange: head.wordRange, value: head.value,
      neighbours: head.neighbours)
  }

  /// Reads a kind from a mapping of its fields alone, whatever was written beside its word.
  mutating func readFields<Instance>(
    of word: String, _ registry: Registry<Instance>, _ fields: YAMLMapping, at range: SourceRange
  ) -> Instance? {
    registry.entry(word)?.read(.fields(fields, range), &self)
  }

  /// The word of a kind, before anyone looks it up.
  package struct KindHead {
    package let word: String
    package let wordRange: SourceRange
    package let value: YAMLNode?
    package let neighbours: YAMLMapping
  }

  /// Splits `word`, `word: value` or a mapping with neighbours into its parts.
  ///
  /// - fields: the fields of a kind, which belong inside it.
  package mutating func readHead(
    _ node: YAMLNode, noun: String, words: [String], _ neighbours: Set<String>,
    fields: (String) -> [String]
  ) -> KindHead? {
    if let scalar = node.scalar, scalar.value != .null {
      return KindHead(
        word: scalar.text, wordRange: node.range, value: nil, neighbours: YAMLMapping([]))
    }
    guard let mapping = node.mapping else {
      return wrongType(node, "\(article(noun)) \(noun)")
    }
    let beside = mapping.entries.filter { neighbours.contains($0.key) }
    let heads = mapping.entries.filter { !neighbours.contains($0.key) }
    // With several candidates the known word is meant, and the others are misspelt neighbours.
    guard let head = heads.first(where: { words.contains($0.key) }) ?? heads.first else {
      error(
        "missing-kind", "this entry names no \(noun)", at: node.range,
        help: "Write one of \(shortened(words)).")
      return nil
    }
    let fields = fields(head.key)
    var isClean = true
    for extra in heads where extra.keyRange != head.keyRange {
      // Without a field that stands in the wrong place the kind would lack it; with a key that
      // belongs nowhere it is still worth reading.
      if fields.contains(extra.key) { isClean = false }
      if words.contains(extra.key), words.contains(head.key) {
        isClean = false
        error(
          "two-kinds", "one entry names two \(noun)s, '\(head.key)' and '\(extra.key)'",
          at: extra.keyRange, help: "Give each its own entry: begin the second with '- '.",
          notes: [.init("the first one", at: head.keyRange)])
      } else {
        misplacedField(extra, of: head, neighbours: neighbours, fields: fields)
      }
    }
    guard isClean else { return nil }
    return KindHead(
      word: head.key, wordRange: head.keyRange, value: head.value,
      neighbours: YAMLMapping(beside))
  }

  /// Reports a key beside a kind's word that does not belong there.
  private mutating func misplacedField(
    _ extra: YAMLMapping.Entry, of head: YAMLMapping.Entry, neighbours: Set<String>,
    fields: [String]
  ) {
    let isField = fields.contains(extra.key)
    let names = neighbours.sorted()
    let suggestion = isField ? nil : nearestField(to: extra.key, among: names)
    var help: String?
    if isField {
      help = "A field of '\(head.key)' goes inside it: \(head.key): {\(extra.key): …}."
    } else if suggestion == nil {
      help =
        names.isEmpty ? "Nothing can stand beside it." : "Beside it may stand \(listed(names))."
    }
    error(
      "unknown-field", "'\(extra.key)' cannot stand beside '\(head.key)'", at: extra.keyRange,
      label: suggestion.map(didYouMean), help: help)
  }

  /// Reports a word that names nothing.
  package mutating func unknownKind(_ head: KindHead, noun: String, words: [String]) {
    let suggestion = nearest(to: head.word, among: words)
    error(
      "unknown-\(noun.replacing(" ", with: "-"))", "there is no \(noun) '\(head.word)'",
      at: head.wordRange, label: suggestion.map(didYouMean),
      help: suggestion == nil ? "There are \(listed(words))." : nil)
  }
}

/// `a` or `an`.
package func article(_ noun: String) -> String {
  guard let first = noun.first else { return "a" }
  return "aeiou".contains(first) ? "an" : "a"
}

private func shortened(_ words: [String]) -> String {
  words.count <= 12 ? listed(words) : words.prefix(10).joined(separator: ", ") + ", …"
}

extension String {
  fileprivate func replacing(_ old: Character, with new: Character) -> String {
    String(map { $0 == old ? new : $0 })
  }
}
