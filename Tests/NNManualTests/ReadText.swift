import NNCatalogue
import NNData
import NNDiagnostics
import NNModel
import NNYAML
import Testing

/// A kind as it stands in a catalogue, with the reader of its category.
struct CataloguedKind: Sendable, CustomTestStringConvertible {
  let noun: String
  let word: String
  let type: any Kind.Type
  private let readNode: @Sendable (YAMLNode, inout Reader) -> (any Kind)?

  var testDescription: String { "\(noun) \(word)" }

  /// What was read of a text, and what was found wrong.
  func read(_ text: String) throws -> (kind: (any Kind)?, diagnostics: [Diagnostic]) {
    let parsed = parseYAML(bytes: Array(text.utf8), name: "test.yaml")
    #expect(parsed.diagnostics.map(\.message) == [], "\(text)")
    var reader = Reader(file: "test.yaml", catalogue: .standard)
    let kind = readNode(try #require(parsed.node), &reader)
    return (kind, reader.diagnostics)
  }

  private static func all<Instance>(_ registry: Registry<Instance>) -> [CataloguedKind] {
    registry.entries.map { entry in
      CataloguedKind(noun: registry.noun, word: entry.word, type: entry.type) { node, reader in
        reader.readKind(node, registry)?.instance as? any Kind
      }
    }
  }

  /// Every kind that a file may name.
  static let all: [CataloguedKind] = {
    let catalogue = Catalogue.standard
    return all(catalogue.layers) + all(catalogue.activations) + all(catalogue.losses)
      + all(catalogue.optimizers) + all(catalogue.schedules) + all(catalogue.initializers)
      + all(catalogue.metrics) + all(DataCatalogue.sources) + all(DataCatalogue.scales)
      + all(DataCatalogue.transforms)
  }()
}

/// Where the value of a field of `word: {field: value}` stands.
func valueRange(_ text: String, _ word: String, _ field: String) -> SourceRange? {
  parseYAML(bytes: Array(text.utf8), name: "test.yaml").node?.mapping?[word]?.mapping?[field]?.range
}
