@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

private let csv = """
  review,ids,mood
  "Great, great film",3 1 2,good
  A dull film,"[4, 0]",bad
  great,"5,5",good
  dull film,1,bad

  """

private let mood = "\ntargets: {mood: {type: category}}\n"

private func input(_ fields: String) -> String {
  "source: data.csv\ninputs: {x: {\(fields)}}" + mood
}

@Suite struct TextColumnTests {
  @Test func `the vocabulary is that of the training rows`() throws {
    let (data, diagnostics) = load(
      "source: data.csv\nsplit: {train: 0.5, test: 0.5, shuffle: false}\n"
        + "inputs: {x: {column: review, type: text, length: 3}}" + mood, csv: csv)
    #expect(places(diagnostics) == [])
    let prepared = try #require(data)
    let classes = ["<pad>", "<unknown>", "film", "great", "a", "dull"]
    #expect(prepared.preprocessing.inputs.first?.classes == classes)
    #expect(indices(prepared.splits[.train]?.inputs.first) == [3, 3, 2, 4, 5, 2])
    #expect(indices(prepared.splits[.test]?.inputs.first) == [3, 0, 0, 5, 2, 0])
    #expect(prepared.schema.inputs.first?.dataType == .int32)

    // A word of the other rows changes nothing but that it is unknown there.
    let (other, _) = load(
      "source: data.csv\nsplit: {train: 0.5, test: 0.5, shuffle: false}\n"
        + "inputs: {x: {column: review, type: text, length: 3}}" + mood,
      csv: csv.replacing("dull film,1", with: "strange film,1"))
    #expect(other?.preprocessing == prepared.preprocessing)
    #expect(indices(other?.splits[.test]?.inputs.first) == [3, 0, 0, 1, 2, 0])
  }

  @Test func `tokens are what is written`() throws {
    let (data, diagnostics) = load(
      input("column: ids, type: tokens, length: 3, vocabulary: 6, padding: 0, pad: start"),
      csv: csv)
    #expect(places(diagnostics) == [])
    let train = try #require(data?.splits[.train])
    #expect(indices(train.inputs.first) == [3, 1, 2, 0, 4, 0, 0, 5, 5, 0, 0, 1])
    #expect(data?.schema.inputs.first?.classes == 6)
    let text = try #require(data).preprocessing.json.serialized()
    #expect(try Preprocessing(json: JSONValue.parse(text)) == data?.preprocessing)
  }

  @Test func `tokens may be the numbers of several columns`() throws {
    let (data, diagnostics) = load(
      "source: data.csv\ninputs: {x: {columns: [a, b], type: tokens, length: 2, vocabulary: 9}}\n"
        + "targets: {y: {column: y}}", csv: "a,b,y\n1,2,0\n8,0,1\n")
    #expect(places(diagnostics) == [])
    #expect(indices(data?.splits[.train]?.inputs.first) == [1, 2, 8, 0])
  }

  @Test func `lists of tokens in JSON Lines may be of any length`() throws {
    let folder = TestFolder([
      "a.jsonl": "{\"t\": [1, 2, 3], \"y\": 0}\n{\"t\": [4], \"y\": 1}\n{\"t\": [5, 0], \"y\": 1}\n"
    ])
    var reading = Reading(
      "source: a.jsonl\ninputs: {t: {type: tokens, length: 3, vocabulary: 6, padding: 0}}\n"
        + "targets: {y: {column: y}}")
    let data = reading.load(in: folder.path)
    #expect(places(reading.reader.diagnostics) == [])
    #expect(indices(data?.splits[.train]?.inputs.first) == [1, 2, 3, 4, 0, 0, 5, 0, 0])
    var other = Reading("source: a.jsonl\ninputs: {t: {}}\ntargets: {y: {column: y}}")
    #expect(other.load(in: folder.path) == nil)
    #expect(places(other.reader.diagnostics) == ["model.yaml:2:10 mixed-values"])
  }

  struct Shift: Sendable {
    let fields: String
    let inputs: [Int32]
    let targets: [Int32]
  }

  @Test(arguments: [
    Shift(
      fields: "length: 4", inputs: [1, 2, 3, 4, 5, 6, 0, 0], targets: [2, 3, 4, -1, 6, -1, -1, -1]),
    Shift(
      fields: "length: 4, pad: start", inputs: [1, 2, 3, 4, 0, 0, 5, 6],
      targets: [2, 3, 4, -1, -1, -1, 6, -1]),
    Shift(
      fields: "length: 3, cut: end", inputs: [1, 2, 3, 5, 6, 0], targets: [2, 3, 4, 6, -1, -1]),
    Shift(
      fields: "length: 3, cut: start", inputs: [2, 3, 4, 5, 6, 0], targets: [3, 4, -1, 6, -1, -1]),
  ])
  func `a shifted target tells what follows each place of its input`(_ shift: Shift) throws {
    let (data, diagnostics) = load(
      "source: data.csv\n"
        + "inputs: {x: {column: t, type: tokens, vocabulary: 7, padding: 0, \(shift.fields)}}\n"
        + "targets: {y: {column: t, type: tokens, vocabulary: 7, shift: 1, \(shift.fields)}}",
      csv: "t\n1 2 3 4\n5 6\n")
    #expect(places(diagnostics) == [])
    #expect(indices(data?.splits[.train]?.inputs.first) == shift.inputs)
    #expect(indices(data?.splits[.train]?.targets.first) == shift.targets)
    let text = try #require(data).preprocessing.json.serialized()
    #expect(try Preprocessing(json: JSONValue.parse(text)) == data?.preprocessing)
  }

  @Test func `a text and what follows in it have one vocabulary`() throws {
    let (data, diagnostics) = load(
      """
      source: data.csv
      inputs: {x: {column: review, type: text, split: characters, length: 17}}
      targets: {y: {column: review, type: text, split: characters, length: 17, shift: 1}}
      """, csv: csv)
    #expect(places(diagnostics) == [])
    let preprocessing = try #require(data).preprocessing
    #expect(preprocessing.inputs.first?.classes == preprocessing.targets.first?.classes)
    let width = preprocessing.targets.first?.targetType.width
    #expect(width == preprocessing.inputs.first?.classes?.count)
  }

  @Test func `what stands for missing texts is a text, and NA is one too`() throws {
    let (data, diagnostics) = load(
      "source: data.csv\ninputs: {x: {column: a, type: text, length: 2, missing: {constant: none}}}\n"
        + "targets: {y: {column: y}}", csv: "a,y\nNA,1\n,2\n...,3\nna none,4\n")
    #expect(places(diagnostics) == [])
    #expect(
      data?.preprocessing.inputs.first?.classes == ["<pad>", "<unknown>", "none", "na"])
    #expect(indices(data?.splits[.train]?.inputs.first) == [3, 0, 2, 0, 2, 0, 3, 2])
    let (dropped, _) = load(
      "source: data.csv\ninputs: {x: {column: a, type: text, length: 2, missing: drop}}\n"
        + "targets: {y: {column: y}}", csv: "a,y\nNA,1\n,2\n...,3\nna none,4\n")
    #expect(dropped?.droppedRows == 2)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let fields: String
    let expected: [String]
    var part = ""

    var testDescription: String { fields }
  }

  @Test(arguments: [
    Mistake(
      fields: "column: review, type: text, length: 2", expected: ["data.csv:2:1 text-length"],
      part: "2 rows have more than the 2 words of 'x'; the longest, row 1, has 3"),
    Mistake(
      fields: "column: ids, type: tokens, length: 3, vocabulary: 6",
      expected: ["data.csv:5:11 text-length"], part: "3 rows have fewer"),
    Mistake(
      fields: "column: ids, type: tokens, length: 3, vocabulary: 5, padding: 0",
      expected: ["data.csv:4:7 bad-token"], part: "the token 5 is none of the 5"),
    Mistake(
      fields: "column: review, type: tokens, length: 3, vocabulary: 5, padding: 0",
      expected: [
        "data.csv:2:1 bad-token", "data.csv:3:1 bad-token", "data.csv:4:1 bad-token",
        "data.csv:5:1 bad-token",
      ], part: "'Great' is no token"),
    Mistake(
      fields: "column: review, type: text", expected: ["model.yaml:2:10 missing-field"]),
    Mistake(
      fields: "column: review, type: tokens", expected: ["model.yaml:2:10 missing-field"]),
    Mistake(
      fields: "column: review, type: text, length: 3, buckets: 8",
      expected: ["model.yaml:2:42 conflicting-fields"]),
    Mistake(
      fields: "column: review, type: text, length: 3, ngrams: 2",
      expected: ["model.yaml:2:53 conflicting-fields"]),
    Mistake(
      fields: "column: review, type: text, buckets: 8, cut: end, vocabulary: 9",
      expected: ["model.yaml:2:64 conflicting-fields", "model.yaml:2:54 conflicting-fields"]),
    Mistake(
      fields: "column: review, type: text, length: 3, vocabulary: 2",
      expected: ["model.yaml:2:53 out-of-range"]),
    Mistake(
      fields: "column: review, type: text, length: 3, padding: 0",
      expected: ["model.yaml:2:53 field-not-for-type"]),
    Mistake(
      fields: "column: ids, type: tokens, length: 3, vocabulary: 6, padding: 6",
      expected: ["model.yaml:2:67 out-of-range"]),
    Mistake(
      fields: "column: ids, type: tokens, length: 3, vocabulary: 6, split: words",
      expected: ["model.yaml:2:67 field-not-for-type"]),
    Mistake(
      fields: "column: review, length: 3", expected: ["model.yaml:2:30 field-not-for-type"]),
    Mistake(
      fields: "column: review, type: text, length: 3, missing: mode",
      expected: ["model.yaml:2:53 field-not-for-type"]),
    Mistake(
      fields: "column: review, type: text, length: 3, missing: {constant: '!'}",
      expected: ["model.yaml:2:73 wrong-type"]),
    Mistake(
      fields: "column: review, type: text, length: 3, scale: standard",
      expected: ["model.yaml:2:53 field-not-for-type"]),
    Mistake(
      fields: "columns: [review, ids], type: text, length: 3",
      expected: ["model.yaml:2:14 one-column"]),
  ])
  func `every mistake has its place`(_ mistake: Mistake) {
    let (data, diagnostics) = load(input(mistake.fields), csv: csv)
    #expect(data == nil)
    #expect(places(diagnostics) == mistake.expected)
    #expect(diagnostics.first?.message.contains(mistake.part) ?? mistake.part.isEmpty)
  }

  @Test(arguments: [
    "1 2,": "','", "1,,2": "',2'", "[1 2": "'[1'", "1.0": "'1.0'", "-1": "'-1'", "2a": "'2a'",
    "99999999999999999999999": "99999999999999999999999",
  ])
  func `what is no token is named`(_ cell: String, _ named: String) {
    let (_, diagnostics) = load(
      "source: data.csv\ninputs: {x: {type: tokens, length: 2, vocabulary: 9, padding: 0}}\n"
        + "targets: {y: {column: y}}", csv: "x,y\n\"\(cell)\",1\n")
    #expect(places(diagnostics) == ["data.csv:2:1 bad-token"])
    #expect(diagnostics.first?.message.contains(named) == true, "\(diagnostics.map(\.message))")
  }

  @Test func `counts that no memory holds are refused before they are made`() {
    let rows = (0..<600).map { "\($0),1\n" }.joined()
    let (data, diagnostics) = load(
      "source: data.csv\ninputs: {x: {type: text, buckets: 1048576}}\ntargets: {y: {column: y}}",
      csv: "x,y\n" + rows)
    #expect(data == nil)
    #expect(places(diagnostics) == ["data.csv:2:1 out-of-range"])
  }

  @Test func `predict takes raw rows, and says what is too long for it`() throws {
    let (data, _) = load(input("column: review, type: text, length: 3"), csv: csv)
    let preprocessing = try #require(data).preprocessing
    func prepare(_ text: String) throws -> (PreparedTable?, [Diagnostic]) {
      let (table, _) = Table.parse(
        Array(text.utf8), name: "new.csv", format: preprocessing.format)
      return preprocessing.prepare(try #require(table), needTargets: false)
    }
    #expect(indices(try prepare("review\nfilm GREAT\n").0?.samples.inputs.first) == [2, 3, 0])
    #expect(places(try prepare("review\na b c d\n").1) == ["new.csv:2:1 text-length"])
    #expect(places(try prepare("review\n\"\"\n").1) == ["new.csv:2:1 missing-value"])
  }

  @Test(arguments: [
    ("\"pad\":\"end\"", "\"pad\":\"middle\""),
    ("\"padding\":0", "\"padding\":2"), (",\"padding\":0", ""), ("\"<pad>\",", ""),
    ("\"<unknown>\"", "\"<pad>\""), ("\"lower\":true", "\"lower\":1"),
    ("\"split\":\"words\"", "\"split\":\"sentences\""),
    ("\"pad\":\"end\"", "\"cut\":\"middle\",\"pad\":\"end\""),
    ("\"shape\":[3]", "\"shape\":[3,1]"), ("\"pad\":\"end\"", "\"pad\":\"end\",\"ngrams\":[2,1]"),
    ("\"columns\":[\"review\"]", "\"columns\":[\"review\",\"ids\"]"),
  ])
  func `JSON that does not fit together is refused`(_ old: String, _ new: String) throws {
    let (data, _) = load(input("column: review, type: text, length: 3"), csv: csv)
    let text = try #require(data).preprocessing.json.serialized()
    try #require(text.contains(old), "\(text)")
    let changed = try JSONValue.parse(text.replacing(old, with: new))
    #expect(throws: PreprocessingError.self) { try Preprocessing(json: changed) }
  }
}
