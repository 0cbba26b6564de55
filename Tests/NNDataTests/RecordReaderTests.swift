@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// What is wrong in files of records, with its place.
@Suite struct RecordReaderTests {
  private func findings(_ text: String, _ format: any TypedFormat) -> [String] {
    let (table, diagnostics) = format.parse(FileBytes(Array(text.utf8)), name: "x")
    #expect((table == nil) == !diagnostics.isEmpty)
    return places(diagnostics)
  }

  @Test(arguments: [
    ("", ["x:1:1 empty-file"]),
    ("\n \n", ["x:1:1 no-rows"]),
    ("{}\n{}", ["x:1:1 no-rows"]),
    ("{\"a\": 1}\n{\"a\": \"b\"}\n{\"a\": [1]}\n", ["x:2:7 mixed-values", "x:3:7 mixed-values"]),
    ("{\"a\": [[1, 2]]}\n{\"a\": [1]}\n", ["x:2:7 mixed-values"]),
    ("{\"a\": {\"b\": 1}}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": []}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": [[1, 2], [3]]}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": [1, [2]]}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": [[[1]], [2]]}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": [\"b\"]}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": [[[[[[[[[1]]]]]]]]]}\n", ["x:1:7 unsupported-values"]),
    ("{\"a\": 1, \"a\": 2}\n", ["x:1:10 duplicate-column-name"]),
    (
      "[1]\n{\"a\": 01}\n{\"a\": NaN}\n{\"a\": 1} x\n{\"a\"\n{\"a\": tru}\n{\"a\": \"\\x\"}\n",
      [
        "x:1:1 bad-json", "x:2:7 bad-json", "x:3:7 bad-json", "x:4:10 bad-json", "x:5:5 bad-json",
        "x:6:7 bad-json", "x:7:8 bad-json",
      ]
    ),
    (
      "{\"a\": \"\\ud800\"}\n{\"a\": \"\\ud800\\u0041\"}\n{\"a\": \"b\n",
      ["x:1:8 bad-json", "x:2:8 bad-json", "x:3:7 bad-json"]
    ),
    (
      "{\"a\": 1,}\n{\"a\": .5}\n{\"a\": 1.}\n{\"a\": 1e}\n{\"a\": +1}\n",
      [
        "x:1:9 bad-json", "x:2:7 bad-json", "x:3:7 bad-json", "x:4:7 bad-json", "x:5:7 bad-json",
      ]
    ),
    ("{\"a\": 1}\n\u{0}", ["x:2:1 binary-data"]),
  ])
  func `what is wrong in JSON Lines has its line and column`(_ text: String, _ wanted: [String]) {
    #expect(findings(text, JSONLinesFormat()) == wanted)
  }

  @Test(arguments: [
    ("@data\n1\n", ["x:1:1 bad-attribute"]),
    ("hello\n", ["x:1:1 bad-attribute"]),
    ("@attribute a numeric\n@attribute a real\n@data\n1,2\n", ["x:2:1 duplicate-column-name"]),
    ("@attribute a date\n@data\n", ["x:1:14 unsupported-values"]),
    ("@attribute a {x, x}\n", ["x:1:11 duplicate-class"]),
    ("@attribute a numeric\n@data\n", ["x:1:1 no-rows"]),
    (
      "@attribute a numeric\n@attribute b {x,y}\n@data\n1\n1,z\nq,x\n1,x,3\n1,'x\n1,\n{1 x,0 2}\n{7 1}\n",
      [
        "x:4:1 uneven-row", "x:5:3 unknown-category", "x:6:1 bad-number", "x:7:4 uneven-row",
        "x:8:3 unclosed-quote", "x:9:3 uneven-row", "x:10:6 bad-index", "x:11:2 bad-index",
      ]
    ),
  ])
  func `what is wrong in ARFF has its line and column`(_ text: String, _ wanted: [String]) {
    #expect(findings(text, ARFFFormat()) == wanted)
  }

  @Test(arguments: [
    ("# nothing\n", ["x:1:1 no-rows"]),
    (
      "a 1:2\n1 2\n1 x:1\n1 2:x\n1 2:1 1:1\n1 -1:2\n1,2 1:1\n1 3:1e99\n",
      [
        "x:1:1 bad-number", "x:2:3 bad-index", "x:3:3 bad-index", "x:4:5 bad-number",
        "x:5:7 bad-index", "x:6:3 bad-index", "x:7:1 bad-number", "x:8:5 bad-number",
      ]
    ),
    ("1 qid:1 1:2\n1 1:2\n", ["x:2:1 uneven-row"]),
    ("1 99999999:1\n", ["x:1:3 bad-index"]),
  ])
  func `what is wrong in LIBSVM has its line and column`(_ text: String, _ wanted: [String]) {
    #expect(findings(text, LibSVMFormat()) == wanted)
  }

  @Test func `indices are held against what is said of them`() {
    #expect(findings("1 1:2 5:1\n", LibSVMFormat(features: 4)) == ["x:1:7 bad-index"])
    #expect(findings("1 0:2\n", LibSVMFormat(first: 1)) == ["x:1:3 bad-index"])
    #expect(findings("1 4:2\n", LibSVMFormat(features: 4, first: 0)) == ["x:1:3 bad-index"])
    #expect(findings("1 4:2\n", LibSVMFormat(features: 5, first: 0)) == [])
  }

  @Test(arguments: [
    ("query: SELECT nothing FROM customers", "model.yaml:1:37 bad-query"),
    ("query: DROP TABLE customers", "model.yaml:1:37 bad-query"),
    ("query: SELECT 1; SELECT 2", "model.yaml:1:37 bad-query"),
    ("query: SELECT 1 AS a WHERE 0", "shop.sqlite:1:1 no-rows"),
    ("query: 'SELECT age, age FROM customers'", "model.yaml:1:37 bad-query"),
    ("query: SELECT picture FROM customers", "shop.sqlite:1:1 unsupported-values"),
    (
      "query: SELECT age FROM customers UNION ALL SELECT city FROM customers",
      "shop.sqlite:1:1 mixed-values"
    ),
    ("table: custmers", "model.yaml:1:37 bad-query"),
    ("query: SELECT 1, table: customers", "model.yaml:1:54 conflicting-fields"),
  ])
  func `what SQLite refuses is told where it was asked`(_ fields: String, _ place: String) throws {
    let (table, diagnostics) = try readSource(
      "{sqlite: {path: shop.sqlite, \(fields)}}", in: ReaderFixture.folder)
    #expect(table == nil)
    #expect(Set(places(diagnostics)) == [place])
  }

  @Test func `a database needs to say which of its tables, and is not written to`() throws {
    let (_, diagnostics) = try readSource("shop.sqlite", in: ReaderFixture.folder)
    #expect(places(diagnostics) == ["model.yaml:1:1 bad-query"])
    let (_, write) = try readSource(
      "{sqlite: {path: shop.sqlite, query: DELETE FROM customers RETURNING id}}",
      in: ReaderFixture.folder)
    #expect(places(write) == ["model.yaml:1:37 bad-query"])
    let folder = TestFolder()
    folder.write(Array("no database".utf8), to: "a.db")
    let (_, other) = try readSource("a.db", in: folder.path)
    #expect(places(other) == ["a.db:1:1 malformed-file"])
    #expect(try places(readSource("b.db", in: folder.path).1) == ["model.yaml:1:1 file-not-found"])
    folder.write([1], to: "a.db-wal")
    #expect(try places(readSource("a.db", in: folder.path).1) == ["a.db:1:1 unsupported-values"])
  }

  @Test func `a model of one kind of file predicts on another`() throws {
    let folder = TestFolder([
      "train.csv": "a,b,kind,y\n1,2,red,1\n3,4,blue,2\n5,6.5,red,3\n",
      "new.jsonl":
        "{\"kind\": \"blue\", \"b\": 6.5, \"a\": \"5\"}\n{\"kind\": \"red\", \"b\": 2, \"a\": \"1.0\"}\n",
      "new.arff":
        "@attribute a numeric\n@attribute b real\n@attribute kind {blue,red}\n@data\n5,6.5,blue\n1,2,red\n",
      "new.csv": "a,b,kind\n5,6.5,blue\n1,2,red\n",
      "bad.jsonl":
        "{\"kind\": \"blue\", \"b\": \"x\", \"a\": 1}\n\n{\"kind\": \"green\", \"b\": \"1\", \"a\": null}\n",
    ])
    var reading = Reading(
      """
      source: train.csv
      inputs: {x: {columns: [a, b], scale: standard}, kind: {type: category}}
      targets: {y: y}
      """)
    let loaded = reading.load(in: folder.path)
    let preprocessing = try #require(loaded).preprocessing
    func prepare(_ name: String) throws -> (PreparedTable?, [Diagnostic]) {
      let (table, diagnostics) = preprocessing.readTable(path: folder.path + "/" + name)
      #expect(places(diagnostics) == [])
      return preprocessing.prepare(try #require(table), needTargets: false)
    }
    let expected = try #require(prepare("new.csv").0)
    for name in ["new.jsonl", "new.arff"] {
      let (prepared, diagnostics) = try prepare(name)
      #expect(places(diagnostics) == [])
      #expect(prepared?.samples == expected.samples)
    }
    let lines = try prepare("bad.jsonl").1.map { "\($0.range.start.line) \($0.code)" }
    #expect(lines == ["1 bad-number", "3 missing-value"])
  }

  @Test func `a small file that stands for a huge table is refused at once`() {
    let keys = (0..<40_000).map { "{\"key\($0)\": 1}\n" }.joined()
    #expect(findings(keys, JSONLinesFormat()).map { $0.suffix(12) } == ["out-of-range"])
    let attributes = (0..<20_000).map { "@attribute a\($0) numeric\n" }.joined()
    let rows = String(repeating: "{}\n", count: 20_000)
    #expect(
      findings(attributes + "@data\n" + rows, ARFFFormat()).map { $0.suffix(12) }
        == ["out-of-range"])
  }

  @Test func `declared classes are the classes in their order`() throws {
    var reading = Reading(
      "source: flowers.arff\ninputs: {length: {missing: mean}}\n"
        + "targets: {species: {type: category, missing: drop}}\n")
    let data = reading.load(in: ReaderFixture.folder)
    #expect(places(reading.reader.diagnostics) == [])
    #expect(data?.preprocessing.targets[0].classes == ["setosa", "iris 'x'", "virginica"])
    #expect(indices(data?.splits[.train]?.targets[0]) == [0, 1])
  }

  @Test func `every typed format comes back from a checkpoint`() throws {
    let formats: [any TypedFormat] = [
      ARFFFormat(), IDXFormat(column: "a"), JSONLinesFormat(), LibSVMFormat(features: 3, first: 0),
      LibSVMFormat(), NumPyFormat(), NumPyFormat(columns: ["a", "b"]),
      NumPyFormat(arrays: [("a", "b"), ("c", "d")]), SQLiteFormat(query: "SELECT 1"),
      SQLiteFormat(table: "t"), SQLiteFormat(),
    ]
    for format in formats {
      let before = Preprocessing(format: .typed(format), inputs: [], targets: [])
      let text = before.json.serialized()
      let after = try Preprocessing(json: JSONValue.parse(text))
      #expect(after == before)
      #expect(after.json.serialized() == text)
    }
    #expect(throws: PreprocessingError.self) {
      try Preprocessing(
        json: JSONValue.parse(#"{"format":{"kind":"other"},"inputs":[],"targets":[]}"#))
    }
  }
}
