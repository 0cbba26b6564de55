import NNData
import NNDiagnostics
import NNJSON
import NNModel
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Windows are those that pandas and NumPy cut from the same table.
@Suite struct WindowFixtureTests {
  struct Case: Sendable, CustomTestStringConvertible {
    struct Part: Sendable {
      let first: [Int]
      let x: [Float]
      let y: [Float]
    }

    let name: String
    let data: String
    let dropped: Int
    let parts: [String: Part]

    var testDescription: String { name }

    static func all() throws -> [Case] {
      let text = try String(
        contentsOf: URL(filePath: "\(fixtures)/expected.json"), encoding: .utf8)
      return try #require(JSONValue.parse(text).elements).map { json in
        var parts: [String: Part] = [:]
        for member in json["parts"]?.members ?? [] {
          let rows = (member.value["rows"]?.elements ?? []).map { $0.elements ?? [] }
          func numbers(_ key: String) -> [Float] {
            (member.value[key]?.elements ?? []).flatMap { $0.elements ?? [] }
              .compactMap { $0.doubleValue.map { Float($0) } }
          }
          parts[member.name] = Part(
            first: rows.compactMap { $0.first?.integerValue.map { Int($0) + 1 } },
            x: numbers("x"), y: numbers("y"))
        }
        return Case(
          name: json["name"]?.stringValue ?? "", data: json["data"]?.stringValue ?? "",
          dropped: Int(json["dropped"]?.integerValue ?? -1), parts: parts)
      }
    }
  }

  private static let fixtures: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Fixtures/windows"
  }()

  private func numbers(_ array: FeatureArray?) -> [Float] {
    switch array?.storage {
    case .float(let values): values
    case .index(let values): values.map { Float($0) }
    case .filed, nil: []
    }
  }

  @Test(arguments: try Case.all())
  func `the same rows, of the same parts, with the same values`(_ fixture: Case) throws {
    var reading = Reading(fixture.data)
    let loaded = reading.load(in: Self.fixtures)
    let data = try #require(loaded, "\(reading.reader.diagnostics.map(\.message))")
    #expect(data.droppedWindows == fixture.dropped)
    #expect(Set(data.splits.keys.map(\.rawValue)) == Set(fixture.parts.keys))
    for (name, part) in fixture.parts {
      let split = try #require(SplitName(rawValue: name))
      let samples = try #require(data.splits[split])
      // pandas has the series in the order in which they are met, and so has nnc.
      #expect(data.rows[split]?.map { $0 + 1 } == part.first)
      #expect(samples.count == part.first.count)
      for (found, wanted) in [
        (numbers(samples.inputs.first), part.x), (numbers(samples.targets.first), part.y),
      ] {
        #expect(found.count == wanted.count)
        #expect(zip(found, wanted).allSatisfy { abs($0 - $1) <= 1e-6 * max(abs($1), 1) })
      }
    }
  }
}
