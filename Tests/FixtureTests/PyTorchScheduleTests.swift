import NNCatalogue
import NNDiagnostics
import NNJSON
import NNModel
import NNTraining
import NNYAML
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The factors of schedules beside PyTorch's; see Scripts/fixtures/schedules.py.
@Suite struct PyTorchScheduleTests {
  @Test(arguments: try ScheduleFixture.all())
  func `a schedule gives PyTorch's factors`(_ fixture: ScheduleFixture) throws {
    var schedules = OptimizerSchedules()
    schedules.rate = try fixture.spec()
    var rates = Rates(schedules, steps: fixture.factors.count)
    for (step, expected) in fixture.factors.enumerated() {
      let factor = rates.factors(at: step).rate
      #expect(abs(factor - expected) <= 1e-12, "step \(step): \(factor), PyTorch \(expected)")
      guard let figures = fixture.figures else { continue }
      // What is written and read again goes on alike.
      var again = Rates(schedules, steps: fixture.factors.count)
      let state = try #require(rates.state).serialized()
      #expect(again.restore(try JSONValue.parse(Array(state.utf8))))
      #expect(again.factors(at: step) == rates.factors(at: step))
      again.endEpoch(at: step) { _ in (figures[step], fixture.isBetterWhenGreater) }
      rates = again
    }
  }

  @Test func `every schedule has a fixture`() throws {
    let stages = try ScheduleFixture.all().flatMap { try $0.spec().stages }
    #expect(Set(stages.map(\.word)).isSuperset(of: Catalogue.standard.schedules.words))
  }
}

struct ScheduleFixture: Sendable, CustomTestStringConvertible {
  /// What stands under `schedule:`.
  let text: String
  let factors: [Double]
  /// What it watches, one a step.
  let figures: [Double]?
  let isBetterWhenGreater: Bool

  var testDescription: String { text }

  static func all() throws -> [ScheduleFixture] {
    let file = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Fixtures/schedules.json")
    let cases = try JSONValue.parse(Array(try Data(contentsOf: file)))
    return try #require(cases.elements).map { entry in
      ScheduleFixture(
        text: try #require(entry["schedule"]?.stringValue),
        factors: try #require(entry["factors"]?.elements).compactMap(\.doubleValue),
        figures: entry["figures"]?.elements?.compactMap(\.doubleValue),
        isBetterWhenGreater: entry["greater"]?.boolValue ?? false)
    }
  }

  func spec() throws -> ScheduleSpec {
    let parsed = parseYAML(bytes: Array(text.utf8), name: "fixture.yaml")
    var reader = Reader(file: "fixture.yaml", catalogue: .standard)
    let schedule = reader.readSchedule(try #require(parsed.node))
    return try #require(schedule, "\(reader.diagnostics.map(\.message))")
  }
}
