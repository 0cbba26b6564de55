import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// A column that says how much each row counts.
@Suite struct WeightTests {
  private static let section = "source: data.csv\ninputs: {x: a}\ntargets: {y: b}\nweight: w\n"

  @Test func `weights go with their rows, into every part and through the checkpoint`() throws {
    let (loaded, diagnostics) = load(
      WeightTests.section + "split: {train: 0.5, test: 0.5, shuffle: false}\n",
      csv: "a,b,w\n1,1,0.5\n2,2,0\n3,3,7\n4,4,1e2\n")
    #expect(places(diagnostics) == [])
    let data = try #require(loaded)
    #expect(floats(data.splits[.train]?.weights) == [0.5, 0])
    #expect(floats(data.splits[.test]?.weights) == [7, 100])
    #expect(data.splits[.train]?.inputs.count == 1)
    #expect(data.splits[.train]?.targets.count == 1)
    #expect(data.schema.hasWeights)
    let text = data.preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == data.preprocessing)
    #expect(again.schema.hasWeights)
  }

  @Test func `a new table needs its weights where it is judged, not where it is predicted`() throws
  {
    let (data, _) = load(WeightTests.section, csv: "a,b,w\n1,1,1\n2,2,2\n")
    let preprocessing = try #require(data?.preprocessing)
    let (plain, _) = Table.parse(Array("a,b\n1,2\n".utf8), name: "new.csv", format: CSVFormat())
    let table = try #require(plain)
    #expect(preprocessing.prepare(table, needTargets: false).0?.samples.weights == nil)
    #expect(
      places(preprocessing.prepare(table, needTargets: true).1) == ["new.csv:1:1 missing-column"])
    let (whole, _) = Table.parse(Array("w,b,a\n3,2,1\n".utf8), name: "new.csv", format: CSVFormat())
    let (prepared, diagnostics) = preprocessing.prepare(try #require(whole), needTargets: true)
    #expect(places(diagnostics) == [])
    #expect(floats(prepared?.samples.weights) == [3])
    let (bad, _) = Table.parse(Array("w,b,a\n-3,2,1\n".utf8), name: "new.csv", format: CSVFormat())
    #expect(
      places(preprocessing.prepare(try #require(bad), needTargets: true).1)
        == ["new.csv:2:1 negative-weight"])
  }

  @Test func `damaged weights in a checkpoint are refused`() throws {
    let (data, _) = load(WeightTests.section, csv: "a,b,w\n1,1,1\n2,2,2\n")
    let text = try #require(data?.preprocessing.json.serialized())
    for (old, new) in [
      (
        #""weight":{"name":"w","columns":["w"],"shape":[]"#,
        #""weight":{"name":"w","columns":["w"],"shape":[1]"#
      ),
      (#""weight":{"#, #""weight":null,"other":{"#),
    ] {
      #expect(text.contains(old))
      #expect(throws: PreprocessingError.self) {
        try Preprocessing(json: JSONValue.parse(text.replacing(old, with: new)))
      }
    }
  }
}

/// Targets of several categories with classes in common.
@Suite struct CategorySequenceTests {
  private static let section =
    "source: data.csv\ninputs: {x: a}\n"
    + "targets: {t: {columns: [\"c_*\"], type: category, missing: ignore}}\n"

  @Test func `columns share their classes, and what is missing has an index below zero`() throws {
    let (loaded, diagnostics) = load(
      CategorySequenceTests.section, csv: "a,c_1,c_2,c_3\n1,u,v,\n2,w,,\n3,?,v,u\n")
    #expect(places(diagnostics) == [])
    let data = try #require(loaded)
    #expect(indices(data.splits[.train]?.targets[0]) == [0, 1, -1, 2, -1, -1, -1, 1, 0])
    #expect(data.splits[.train]?.targets[0].sampleShape == [3])
    #expect(data.schema.targets[0].type == .category(classes: ["u", "v", "w"], shape: [3]))
    let again = try Preprocessing(json: JSONValue.parse(data.preprocessing.json.serialized()))
    #expect(again == data.preprocessing)
  }

  @Test func `the header alone tells how long they are`() throws {
    let folder = TestFolder(["data.csv": "a,c_1,c_2\n1,u,v\n"])
    var reading = Reading(CategorySequenceTests.section)
    #expect(reading.spec?.schemaWithoutData() == nil)
    let schema = reading.spec?.checkHeader(baseDirectory: folder.path, &reading.reader)
    #expect(schema?.targets.map(\.type) == [.category(classes: nil, shape: [2])])
    let named = Reading(
      "source: data.csv\ninputs: {x: a}\ntargets: {t: {columns: [u, v], type: category}}\n")
    #expect(
      named.spec?.schemaWithoutData()?.targets.map(\.type) == [.category(classes: nil, shape: [2])])
  }

  @Test func `a class nobody learnt is told once, where it first stands`() throws {
    let (data, _) = load(
      CategorySequenceTests.section, csv: "a,c_1,c_2\n1,red,blue\n2,blue,\n")
    let preprocessing = try #require(data?.preprocessing)
    let text = "a,c_1,c_2\n1,red,\n2,blue,blu\n3,blu,red\n"
    let (table, _) = Table.parse(Array(text.utf8), name: "new.csv", format: CSVFormat())
    let (_, diagnostics) = preprocessing.prepare(try #require(table), needTargets: true)
    #expect(places(diagnostics) == ["new.csv:3:8 unknown-category"])
    #expect(diagnostics.first?.message.contains("and 1 more") == true)
  }

  @Test func `indices of several columns may be an input, filled where they are missing`() throws {
    let (loaded, diagnostics) = load(
      """
      source: data.csv
      inputs: {x: {columns: [p, q], type: category, encode: index, missing: {constant: none}}}
      targets: {y: b}
      """, csv: "p,q,b\nu,v,1\nv,,2\n")
    #expect(places(diagnostics) == [])
    let data = try #require(loaded)
    #expect(data.preprocessing.inputs[0].classes == ["none", "u", "v"])
    #expect(indices(data.splits[.train]?.inputs[0]) == [1, 2, 2, 0])
    #expect(data.schema.inputs[0].shape == [2])
  }

  @Test func `a single category may be unknown too`() throws {
    let (data, diagnostics) = load(
      "source: data.csv\ninputs: {x: a}\ntargets: {t: {type: category, missing: ignore}}\n",
      csv: "a,t\n1,u\n2,\n3,v\n")
    #expect(places(diagnostics) == [])
    #expect(indices(data?.splits[.train]?.targets[0]) == [0, -1, 1])
    #expect(data?.schema.targets[0].type == .category(classes: ["u", "v"]))
  }
}
