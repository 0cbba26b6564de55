import NNCatalogue
import NNDiagnostics
import NNGraph
import NNJSON
import NNModel
import NNTensor
import NNYAML
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Initializers without random numbers beside PyTorch's; see Scripts/fixtures/initializers.py.
@Suite struct PyTorchInitializerTests {
  @Test(arguments: try InitializerFixture.all())
  func `an initializer gives PyTorch's values`(_ fixture: InitializerFixture) throws {
    let initializer = try fixture.initializer()
    try initializer.check(fixture.shape)
    for seed in [1, 2] as [UInt64] {
      let tensor = initializer.tensor(
        shape: fixture.shape, stream: RandomStream(seed: seed, purpose: "test"))
      #expect(tensor == Tensor(fixture.shape, fixture.values))
    }
  }

  @Test func `every initializer has a fixture, draws random numbers, or reads them`() throws {
    let words = try InitializerFixture.all().map { type(of: try $0.initializer()).word }
    let others = Catalogue.standard.initializers.words.filter { !words.contains($0) }
    for word in others {
      let type = try #require(Catalogue.standard.initializers.entry(word)?.type)
      // Random ones are held against their moments in NNCatalogueTests.
      guard word != "from_file", let kind = try kind(type) else { continue }
      let tensors = [1, 2].map { seed in
        kind.tensor(shape: [5, 4], stream: RandomStream(seed: seed, purpose: "test"))
      }
      #expect(tensors[0] != tensors[1], "'\(word)' draws no random numbers and has no fixture")
    }
  }

  private func kind(_ type: any Kind.Type) throws -> (any Initializer)? {
    let needed = type.fields.filter(\.field.isRequired).map { "\($0.name): 0.5" }
    return try InitializerFixture(
      text: needed.isEmpty ? type.word : "{\(type.word): {\(needed.joined(separator: ", "))}}",
      shape: [1], values: []
    ).initializer()
  }
}

struct InitializerFixture: Sendable, CustomTestStringConvertible {
  let text: String
  let shape: Shape
  let values: [Float]

  var testDescription: String { "\(text), \(shape)" }

  static func all() throws -> [InitializerFixture] {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/initializers.json")
    let cases = try JSONValue.parse(Array(try Data(contentsOf: file)))
    return try #require(cases.elements).map { entry in
      InitializerFixture(
        text: try #require(entry["initializer"]?.stringValue),
        shape: Shape(
          try #require(entry["shape"]?.elements).compactMap { $0.integerValue.map { Int($0) } }),
        values: try #require(entry["values"]?.elements).compactMap {
          $0.doubleValue.map { Float($0) }
        })
    }
  }

  func initializer() throws -> any Initializer {
    let parsed = parseYAML(bytes: Array(text.utf8), name: "fixture.yaml")
    var reader = Reader(file: "fixture.yaml", catalogue: .standard)
    let read = reader.readKind(try #require(parsed.node), reader.catalogue.initializers)
    return try #require(read, "\(reader.diagnostics.map(\.message))").instance
  }
}
