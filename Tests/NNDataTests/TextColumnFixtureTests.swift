@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// Texts become what a program of its own makes of them: Scripts/fixtures/texts.py.
@Suite struct TextColumnFixtureTests {
  private let fixture = TextFixture.shared

  @Test func `words are divided as the rule says`() {
    let division = TextDivision(pieces: .words, lowers: false)
    for (text, words) in zip(fixture.train + fixture.new, fixture.words) {
      #expect(division(text).map(\.text.utf8Bytes) == words.map(\.utf8Bytes), "\(text)")
    }
  }

  @Test func `the hash is FNV-1a as published`() {
    #expect(fixture.hashes.count == 3)
    for (text, hash) in fixture.hashes {
      #expect(String(FNV1a.hash(text), radix: 16) == hash)
    }
  }

  @Test(arguments: TextFixture.shared.cases.indices)
  func `vocabularies, indices and counts are those of the reference`(_ place: Int) throws {
    let json = fixture.cases[place]
    let folder = TestFolder([
      "train.jsonl": TextFixture.lines(fixture.train), "new.jsonl": TextFixture.lines(fixture.new),
    ])
    func load(_ format: String) throws -> PreparedData {
      var reading = Reading(
        """
        train: train.\(format)
        test: new.\(format)
        inputs: {t: \(TextFixture.declaration(json))}
        targets: {y: {column: y}}
        """)
      let data = reading.load(in: folder.path)
      #expect(reading.reader.diagnostics.map(\.message) == [])
      return try #require(data)
    }
    let data = try load("jsonl")
    try compare(data, json)

    // As cells of a table it is the same, and what travels prepares new rows the same way.
    folder.write(Array(TextFixture.table(fixture.train).utf8), to: "train.csv")
    folder.write(Array(TextFixture.table(fixture.new).utf8), to: "new.csv")
    try compare(try load("csv"), json)
    let preprocessing = data.preprocessing
    let text = preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == preprocessing)
    #expect(again.json.serialized() == text)
    let (table, _) = again.readTable(path: folder.path + "/new.jsonl")
    let (prepared, diagnostics) = again.prepare(try #require(table), needTargets: true)
    #expect(places(diagnostics) == [])
    #expect(prepared?.samples.inputs == data.splits[.test]?.inputs)
  }

  private func compare(_ data: PreparedData, _ json: JSONValue) throws {
    let feature = try #require(data.preprocessing.inputs.first)
    if let classes = json["classes"]?.elements {
      #expect(
        feature.classes?.map(\.utf8Bytes) == classes.compactMap(\.stringValue?.utf8Bytes))
      #expect(data.schema.inputs.first?.classes == classes.count)
    }
    for (split, name) in [(SplitName.train, "train"), (.test, "new")] {
      let array = try #require(data.splits[split]?.inputs.first)
      let rows = json[name]?.elements ?? []
      let size = array.sampleShape.count
      guard let buckets = json["buckets"]?.integerValue else {
        let expected = rows.flatMap { $0.elements ?? [] }.compactMap(\.integerValue).map(Int32.init)
        #expect(indices(array) == expected)
        continue
      }
      #expect(Int64(size) == buckets)
      var expected = [Float](repeating: 0, count: rows.count * size)
      for (row, pairs) in rows.enumerated() {
        for pair in pairs.elements ?? [] {
          let numbers = (pair.elements ?? []).compactMap(\.integerValue)
          expected[row * size + Int(numbers[0])] = Float(numbers[1])
        }
      }
      #expect(floats(array) == expected)
    }
  }
}

/// `Tests/Fixtures/texts.json`.
private struct TextFixture: Sendable {
  let train: [String]
  let new: [String]
  let words: [[String]]
  let hashes: [(String, String)]
  let cases: [JSONValue]

  static let shared: TextFixture = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    let path = "/" + parts.joined(separator: "/") + "/Fixtures/texts.json"
    guard let bytes = try? FileBytes(mapping: path),
      let json = try? JSONValue.parse(bytes.copy(0..<bytes.count) ?? [])
    else { return TextFixture(train: [], new: [], words: [], hashes: [], cases: []) }
    func texts(_ value: JSONValue?) -> [String] {
      (value?.elements ?? []).compactMap(\.stringValue)
    }
    return TextFixture(
      train: texts(json["train"]), new: texts(json["new"]),
      words: (json["words"]?.elements ?? []).map { texts($0) },
      hashes: (json["hashes"]?.elements ?? []).map { (texts($0)[0], texts($0)[1]) },
      cases: json["cases"]?.elements ?? [])
  }()

  /// The input as a model file has it.
  static func declaration(_ json: JSONValue) -> String {
    var fields = ["column: text", "type: text"]
    for name in ["split", "vocabulary", "length", "lower", "cut", "pad", "ngrams", "buckets"] {
      switch json[name] {
      case nil, .null: continue
      case let value?: fields.append("\(name): \(value.stringValue ?? value.serialized())")
      }
    }
    return "{\(fields.joined(separator: ", "))}"
  }

  static func lines(_ texts: [String]) -> String {
    texts.map { JSONValue.object([.init("text", .string($0)), .init("y", 1)]).serialized() + "\n" }
      .joined()
  }

  static func table(_ texts: [String]) -> String {
    "text,y\n"
      + texts.map { "\"\($0.replacing("\"", with: "\"\""))\",1\n" }.joined()
  }
}

extension String {
  /// Two texts that only look the same are different.
  fileprivate var utf8Bytes: [UInt8] { Array(utf8) }
}
