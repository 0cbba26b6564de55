@testable import NNData
import NNJSON
import NNModel
import NNTensor
import Testing

/// Every scale makes of numbers what scikit-learn makes of them, and takes it back.
@Suite struct ScaleFixtureTests {
  @Test(arguments: try ScaleFixture.all())
  func `numbers are scaled as scikit-learn scales them`(_ fixture: ScaleFixture) throws {
    let data = try fixture.load()
    let expected = fixture.scaled.map { Float($0) }
    let found = try #require(floats(data.splits[.test]?.inputs[0]))
    #expect(found.count == expected.count)
    for (place, value) in found.enumerated() {
      #expect(
        abs(value - expected[place]) <= 2e-6 * max(abs(expected[place]), 1),
        "\(fixture.fresh[place])")
    }
  }

  @Test(arguments: try ScaleFixture.all())
  func `what was scaled is taken back`(_ fixture: ScaleFixture) throws {
    let data = try fixture.load()
    guard case .number(let scaling) = data.preprocessing.inputs[0].content else {
      Issue.record("no scaling")
      return
    }
    for (place, value) in fixture.fresh.enumerated() {
      let back = scaling.inverse(scaling.apply(value, column: 0), column: 0)
      if fixture.back[place] != nil {
        #expect(abs(back - value) <= 1e-6 * max(abs(value), 1), "\(value)")
      }
      // Nothing that a network says is turned into what is no number.
      for wild in [-1e30, -40, 40, 1e30] {
        #expect(scaling.inverse(wild, column: 0).isFinite)
      }
    }
  }

  @Test(arguments: try ScaleFixture.all())
  func `a checkpoint holds a scale exactly, and refuses half of it`(
    _ fixture: ScaleFixture
  ) throws {
    let preprocessing = try fixture.load().preprocessing
    let text = preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == preprocessing)
    #expect(again.json.serialized() == text)
    for (whole, wrong) in [
      ("\"curves\":[{", "\"curves\":[{\"extra\":1,"), ("\"curves\":[", "\"curves\":[1,"),
      ("\"log1p\":true", "\"log1p\":false"), ("\"clip\":[0.5,", "\"clip\":[5,"),
      ("\"quantiles\":[", "\"quantiles\":[1e30,"), ("\"power\":", "\"power\":null,\"none\":"),
    ] where text.contains(whole) {
      let broken = text.replacing(whole, with: wrong, maxReplacements: 1)
      #expect(throws: PreprocessingError.self) {
        try Preprocessing(json: JSONValue.parse(broken))
      }
    }
  }

  @Test(arguments: ["robust", "power", "quantile", "{quantile: {output: normal}}"])
  func `scales are fitted on the training rows alone`(_ scale: String) throws {
    let yaml = """
      source: data.csv
      split: {train: 0.75, test: 0.25, shuffle: false}
      inputs: {x: {column: a, log1p: true, scale: \(scale)}}
      targets: {y: {column: a2, scale: \(scale)}}
      """
    func fitted(_ last: String) throws -> String {
      let (data, diagnostics) = load(yaml, csv: "a,a2\n1,3\n2,1\n7,2\n\(last)\n")
      #expect(places(diagnostics) == [])
      return try #require(data).preprocessing.json.serialized()
    }
    #expect(try fitted("3,3") == fitted("1e6,-1e6"))
  }

  @Test(arguments: ["robust", "power", "quantile", "{quantile: {output: normal}}"])
  func `a constant column becomes zeros, and zeros become it`(_ scale: String) throws {
    let (data, _) = load(
      "source: data.csv\ninputs: {x: {column: a, scale: \(scale)}}\ntargets: {y: b}\n",
      csv: "a,b\n0.1,1\n0.1,2\n0.1,3\n")
    #expect(floats(data?.splits[.train]?.inputs[0]) == [0, 0, 0])
    let feature = try #require(data?.preprocessing.inputs[0])
    #expect(abs(feature.unscaled(0) - 0.1) < 1e-12)
  }

  @Test func `a number without a logarithm is found where it stands`() {
    let (data, diagnostics) = load(
      "source: data.csv\ninputs: {x: {column: a, log1p: true}}\ntargets: {y: b}\n",
      csv: "a,b\n0,1\n-1,2\n-3,3\n")
    #expect(data == nil)
    #expect(places(diagnostics) == ["data.csv:3:1 no-logarithm", "data.csv:4:1 no-logarithm"])
  }

  @Test func `steps are for numbers, and limits are in order`() {
    let wrong = Reading(
      """
      source: data.csv
      inputs:
        x: {type: category, log1p: true}
      targets: {y: {type: binary, log1p: true}}
      """)
    #expect(
      places(wrong.reader.diagnostics) == [
        "model.yaml:3:23 field-not-for-type", "model.yaml:4:29 field-not-for-type",
      ])
    let order = Reading("source: data.csv\ninputs: {x: {clip: [3, 1]}}\ntargets: {y: b}\n")
    #expect(places(order.reader.diagnostics) == ["model.yaml:2:20 wrong-type"])
  }

  @Test(arguments: [1e-7, 1e-3, 0.02425, 0.1, 0.3, 0.499, 0.5, 0.7, 0.9, 0.999, 1 - 1e-7])
  func `a normal quantile has its share below it`(_ share: Double) {
    #expect(abs(normalShare(normalQuantile(share)) - share) <= 4e-16 + share * 4e-15)
  }
}

struct ScaleFixture: Sendable, CustomTestStringConvertible {
  let name: String
  let scale: String
  let steps: [String]
  let training: [Double]
  let fresh: [Double]
  let scaled: [Double]
  let back: [Double?]

  var testDescription: String { ([name] + steps + [scale]).joined(separator: ", ") }

  static func all() throws -> [ScaleFixture] {
    let parts = #filePath.split(separator: "/").dropLast(2)
    let text = try FileBytes(mapping: "/" + parts.joined(separator: "/") + "/Fixtures/scales.json")
    let json = try JSONValue.parse(text.copy(0..<text.count) ?? [])
    return (json.elements ?? []).map { entry in
      func numbers(_ name: String) -> [Double?] { entry[name]?.elements?.map(\.doubleValue) ?? [] }
      return ScaleFixture(
        name: entry["name"]?.stringValue ?? "", scale: entry["scale"]?.stringValue ?? "",
        steps: entry["steps"]?.elements?.compactMap(\.stringValue) ?? [],
        training: numbers("training").compactMap { $0 }, fresh: numbers("fresh").compactMap { $0 },
        scaled: numbers("scaled").compactMap { $0 }, back: numbers("back"))
    }
  }

  func load() throws -> PreparedData {
    func csv(_ values: [Double]) -> String { "a,b\n" + values.map { "\($0),0\n" }.joined() }
    let folder = TestFolder(["a.csv": csv(training), "b.csv": csv(fresh)])
    let scale = scale.contains(":") ? "{\(scale)}" : scale
    let fields = (["column: a"] + steps + ["scale: \(scale)"]).joined(separator: ", ")
    var reading = Reading("train: a.csv\ntest: b.csv\ninputs: {x: {\(fields)}}\ntargets: {y: b}\n")
    let data = reading.load(in: folder.path)
    #expect(places(reading.reader.diagnostics) == [])
    return try #require(data)
  }
}
