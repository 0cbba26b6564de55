@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// Documents a line; what a reference reader finds in them is in ReaderFixtureTests.
@Suite struct LinesTests {
  @Test(arguments: [
    ("", LineLabel.none, ["x:1:1 empty-file"]),
    (" \n\t\n", .none, ["x:1:1 no-rows"]),
    ("a\n\u{0}", .none, ["x:2:1 binary-data"]),
    ("__label__a b\n__label__a  __label__b c\n", .fasttext, ["x:2:13 unsupported-values"]),
  ])
  func `what is wrong in lines has its place`(
    _ text: String, _ label: LineLabel, _ expected: [String]
  ) {
    let (table, diagnostics) = LinesFormat(label: label)
      .parse(FileBytes(Array(text.utf8)), name: "x")
    #expect(table == nil)
    #expect(places(diagnostics) == expected)
  }

  private static let section = """
    source: {lines: {path: a.txt, label: tab}}
    inputs: {words: {column: text, type: text, length: 3}}
    targets: {mood: {column: label, type: category}}
    """

  @Test func `a line without its label is a row without a value`() {
    let folder = TestFolder(["a.txt": "good\tfine film\nbad\tdull\nnothing said\n"])
    var reading = Reading(Self.section)
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["a.txt:3:1 missing-value"])
  }

  @Test func `predict reads lines with labels and without, whatever the file is called`() throws {
    let folder = TestFolder([
      "a.txt": "good\tfine film\nbad\tdull film\n", "new.txt": "film\nbad\tdull\n",
    ])
    var reading = Reading(Self.section)
    let loaded = reading.load(in: folder.path)
    #expect(places(reading.reader.diagnostics) == [])
    let json = try #require(loaded).preprocessing.json
    let preprocessing = try Preprocessing(json: json)
    let (table, diagnostics) = preprocessing.readTable(path: folder.path + "/new.txt")
    #expect(places(diagnostics) == [])
    let (prepared, problems) = preprocessing.prepare(try #require(table), needTargets: false)
    #expect(places(problems) == [])
    // <pad>, <unknown>, film, dull, fine
    #expect(indices(prepared?.samples.inputs.first) == [2, 0, 0, 3, 0, 0])
    let changed = try JSONValue.parse(json.serialized().replacing("\"tab\"", with: "\"comma\""))
    #expect(throws: PreprocessingError.self) { try Preprocessing(json: changed) }
  }

  @Test func `several files are one table, each row with its line`() {
    let folder = TestFolder(["1.txt": "a\nb\n", "2.txt": "\n...\n"])
    var reading = Reading(
      "source: {lines: '*.txt'}\ninputs: {t: {column: text, type: text, length: 1}}\n"
        + "targets: {n: {column: text, type: text, length: 1, shift: 0}}")
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics).contains("model.yaml:2:22 target-in-inputs"))
    var other = Reading(
      "source: {lines: '*.txt'}\ninputs: {t: {column: text, type: text, length: 1}}\n"
        + "targets: {n: {column: text, type: text, length: 1, shift: 1}}")
    #expect(other.load(in: folder.path) == nil)
    #expect(Set(places(other.reader.diagnostics)) == ["2.txt:2:1 missing-value"])
  }
}
