@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// The usual inputs and targets of a text.
private let columns = "\ninputs: {text: characters}\ntargets: {next: next}\n"

private func load(_ yaml: String, _ files: [String: String]) -> (PreparedData?, [Diagnostic]) {
  let folder = TestFolder(files)
  var reading = Reading(yaml)
  let data = reading.load(in: folder.path)
  return (data, reading.reader.diagnostics)
}

@Suite struct TextTests {
  @Test func `a text becomes windows and what follows each of their characters`() throws {
    let (data, diagnostics) = load(
      "source: {text: {path: a.txt, length: 3}}" + columns, ["a.txt": "abcabdabc"])
    #expect(places(diagnostics) == [])
    let prepared = try #require(data)
    let train = try #require(prepared.splits[.train])
    // The third window has nothing behind it.
    #expect(train.count == 2)
    #expect(train.inputs.map(\.sampleShape) == [[3]])
    #expect(indices(train.inputs.first) == [0, 1, 2, 0, 1, 3])
    #expect(indices(train.targets.first) == [1, 2, 0, 1, 3, 0])
    let classes = ["a", "b", "c", "d", "<unknown>"]
    #expect(prepared.preprocessing.inputs.first?.classes == classes)
    #expect(prepared.schema.inputs.first?.classes == 5)
    #expect(prepared.schema.inputs.first?.dataType == .int32)
    #expect(prepared.schema.targets.first?.type == .category(classes: classes, shape: [3]))
  }

  @Test func `characters are code points, in their order and as they stand`() throws {
    // An e with a combining accent is two; a line break of Windows too.
    let text = "e\u{301}\r\nz\u{1F600}é"
    let (data, diagnostics) = load(
      "source: {text: {path: a.txt, length: 6}}" + columns, ["a.txt": text])
    #expect(places(diagnostics) == [])
    let prepared = try #require(data)
    #expect(
      prepared.preprocessing.targets.first?.classes
        == ["\n", "\r", "e", "z", "é", "\u{301}", "\u{1F600}", "<unknown>"])
    #expect(indices(prepared.splits[.train]?.inputs.first) == [2, 5, 1, 0, 3, 6])
  }

  @Test func `parts follow each other, and no character is in the windows of two`() throws {
    for (stride, sizes) in [(4, [5, 3, 2]), (2, [9, 5, 3]), (1, [19, 8, 4])] {
      let (data, diagnostics) = load(
        "source: {text: {path: a.txt, length: 4, stride: \(stride)}}\n"
          + "split: {train: 0.5, validation: 0.3, test: 0.2}" + columns,
        ["a.txt": String("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ".prefix(41))])
      #expect(places(diagnostics) == [])
      let prepared = try #require(data)
      let names: [SplitName] = [.train, .validation, .test]
      #expect(names.map { prepared.splits[$0]?.count } == sizes)
      var end = 0
      for name in names {
        let rows = try #require(prepared.rowNumbers[name])
        #expect((try #require(rows.first) - 1) * stride >= end)
        end = (try #require(rows.last) - 1) * stride + 4
      }
    }
  }

  @Test func `a character the training windows do not have is the unknown one`() throws {
    let (data, diagnostics) = load(
      "source: {text: {path: a.txt, length: 2}}\nsplit: {train: 0.5, test: 0.5}" + columns,
      ["a.txt": "abababXbY"])
    #expect(places(diagnostics) == [])
    let prepared = try #require(data)
    #expect(prepared.preprocessing.inputs.first?.classes == ["a", "b", "<unknown>"])
    #expect(indices(prepared.splits[.test]?.inputs.first) == [0, 1, 2, 1])
    #expect(indices(prepared.splits[.test]?.targets.first) == [1, 2, 1, 2])
  }

  @Test func `each part may be a text of its own, in any form of writing`() throws {
    let folder = TestFolder(["a.txt": "ababab", "b.txt": "\u{FEFF}bbaab"])
    folder.write(storedGzip(Array("aabb".utf8)), to: "c.txt.gz")
    var reading = Reading(
      """
      train: {text: {path: a.txt, length: 2, stride: 1}}
      validation: {text: {path: b.txt, length: 2}}
      test: {text: {path: c.txt.gz, length: 2}}
      inputs: {characters: {}}
      targets: {next: {column: next}}
      """)
    let loaded = reading.load(in: folder.path)
    #expect(places(reading.reader.diagnostics) == [])
    let data = try #require(loaded)
    #expect(data.splits[.train]?.count == 4)
    #expect(indices(data.splits[.validation]?.inputs.first) == [1, 1, 0, 0])
    #expect(indices(data.splits[.test]?.targets.first) == [0, 1])
  }

  @Test func `the novel's windows are those of its length`() throws {
    var reading = Reading(
      "source: northanger-abbey.txt\nsplit: {train: 0.9, validation: 0.1}" + columns)
    let loaded = reading.load(in: datasets)
    let data = try #require(loaded)
    // 433411 characters, 64 each and one behind.
    #expect(data.splits[.train]?.count == 6095)
    #expect(data.splits[.validation]?.count == 677)
    // Of its 75 characters the X stands in the last tenth alone.
    #expect(data.preprocessing.inputs.first?.classes?.count == 75)
    let schema = Reading(
      "source: northanger-abbey.txt\nsplit: {train: 0.9, validation: 0.1}" + columns)
    var reader = schema.reader
    let checked = schema.spec?.checkHeader(baseDirectory: datasets, &reader)
    #expect(checked?.inputs.first?.classes == 75)
    #expect(checked?.targets.first?.type.width == 75)
    let unread = try #require(schema.spec?.schemaWithoutData())
    #expect(unread.inputs.first?.shape == [64])
    #expect(unread.inputs.first?.classes == nil)
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    let yaml: String
    var text = "abcdefgh"
    let expected: [String]
    var part = ""

    var testDescription: String { yaml }
  }

  @Test(arguments: [
    Mistake(yaml: "source: b.txt" + columns, expected: ["model.yaml:1:9 file-not-found"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 9}}" + columns, expected: ["a.txt:1:1 no-rows"],
      part: "8 characters"),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 8}}" + columns,
      expected: ["model.yaml:1:23 no-rows"], part: "behind"),
    Mistake(yaml: "source: a.txt" + columns, text: "", expected: ["a.txt:1:1 empty-file"]),
    Mistake(
      yaml: "source: a.txt" + columns, text: "ab\u{0}c", expected: ["a.txt:1:3 binary-data"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 0}}" + columns,
      expected: ["model.yaml:1:38 out-of-range"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, stride: 0}}" + columns,
      expected: ["model.yaml:1:38 out-of-range"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\ninputs: {x: charakters}\ntargets: {y: next}",
      expected: ["model.yaml:2:13 unknown-column"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\ninputs: {x: [characters, next]}\n"
        + "targets: {y: next}",
      expected: ["model.yaml:2:13 one-column"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\n"
        + "inputs: {x: {column: characters, encode: one_hot}}\ntargets: {y: next}",
      expected: ["model.yaml:2:34 field-not-for-type"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\ninputs: {x: next}\ntargets: {y: next}",
      expected: ["model.yaml:2:13 target-in-inputs"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\n"
        + "split: {train: 0.5, test: 0.5, shuffle: true}" + columns,
      expected: ["model.yaml:2:32 conflicting-fields"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 2}}\n"
        + "split: {train: 0.5, test: 0.5, stratify: next}" + columns,
      expected: ["model.yaml:2:32 conflicting-fields"]),
    Mistake(
      yaml: "source: {text: {path: a.txt, length: 3, stride: 1}}\n"
        + "split: {train: 0.8, test: 0.2}" + columns,
      expected: ["model.yaml:2:8 empty-split"], part: "reach into"),
    Mistake(
      yaml: "train: {text: {path: a.txt, length: 2}}\ntest: {text: {path: a.txt, length: 3}}"
        + columns,
      expected: ["model.yaml:2:7 conflicting-fields"]),
    Mistake(
      yaml: "train: {text: {path: a.txt, length: 2}}\ntest: b.csv" + columns,
      expected: ["model.yaml:2:7 conflicting-fields"]),
  ])
  func `every mistake has its place`(_ mistake: Mistake) {
    let (data, diagnostics) = load(mistake.yaml, ["a.txt": mistake.text])
    #expect(places(diagnostics) == mistake.expected)
    #expect(data == nil)
    #expect(diagnostics.first?.message.contains(mistake.part) ?? false || mistake.part.isEmpty)
  }

  @Test func `a byte that is not UTF-8 is named with its place`() {
    let folder = TestFolder()
    folder.write(Array("line\nsch".utf8) + [0xF6] + Array("n".utf8), to: "a.txt")
    var reading = Reading("source: a.txt" + columns)
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["a.txt:2:4 not-utf8"])
    #expect(reading.reader.diagnostics.first?.message.contains("0xF6") ?? false)
  }

  // MARK: Afterwards

  private func preprocessing() throws -> Preprocessing {
    let (data, _) = load(
      "source: {text: {path: a.txt, length: 3}}" + columns, ["a.txt": "abcabcab"])
    return try #require(data).preprocessing
  }

  @Test func `JSON holds all of it, exactly`() throws {
    let preprocessing = try preprocessing()
    let text = preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == preprocessing)
    #expect(again.json.serialized() == text)
  }

  @Test(arguments: [
    ("\"length\":3", "\"length\":4"), ("\"length\":3", "\"length\":0"),
    ("\"stride\":3", "\"stride\":-1"), ("\"stride\":3", "\"stride\":3,\"header\":true"),
    ("{\"length\":3,\"stride\":3}", "{\"header\":true}"), ("\"shape\":[3]", "\"shape\":[3,1]"),
    ("\"a\",\"b\"", "\"a\",\"ab\""), ("\"a\",\"b\"", "\"a\",\"a\""),
    (",\"<unknown>\"", ""),
  ])
  func `JSON that does not fit together is refused`(_ old: String, _ new: String) throws {
    let text = try preprocessing().json.serialized()
    try #require(text.contains(old))
    let changed = try JSONValue.parse(text.replacing(old, with: new))
    #expect(throws: PreprocessingError.self) { try Preprocessing(json: changed) }
  }

  @Test func `windows to predict from end with the text`() throws {
    let preprocessing = try preprocessing()
    let (table, diagnostics) = Table.parse(
      Array("cbaXbcab".utf8), name: "new.txt", format: preprocessing.format)
    #expect(places(diagnostics) == [])
    let (prepared, _) = preprocessing.prepare(try #require(table), needTargets: false)
    // Eight characters: two windows of three, beginning with the third.
    #expect(indices(prepared?.samples.inputs.first) == [0, 3, 1, 2, 0, 1])
    let (compared, _) = preprocessing.prepare(try #require(table), needTargets: true)
    #expect(indices(compared?.samples.inputs.first) == [2, 1, 0, 3, 1, 2])
    #expect(indices(compared?.samples.targets.first) == [1, 0, 3, 1, 2, 0])
  }

  @Test func `a text too short to evaluate on is told`() throws {
    let preprocessing = try preprocessing()
    let (short, problems) = Table.parse(
      Array("ab".utf8), name: "new.txt", format: preprocessing.format)
    #expect(short == nil)
    #expect(places(problems) == ["new.txt:1:1 no-rows"])
    let (table, _) = Table.parse(
      Array("abc".utf8), name: "new.txt", format: preprocessing.format)
    #expect(preprocessing.prepare(try #require(table), needTargets: false).0?.samples.count == 1)
    let (none, diagnostics) = preprocessing.prepare(try #require(table), needTargets: true)
    #expect(none == nil)
    #expect(places(diagnostics) == ["new.txt:1:1 no-rows"])
  }

  @Test func `random bytes never crash`() {
    let alphabet = Array("ab\r\n é\u{FEFF}".utf8) + [0xFF, 0x00]
    for seed in 0..<300 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "fuzz")
      let bytes = (0..<stream.integer(below: 20, at: 1_000_000)).map {
        alphabet[stream.integer(below: alphabet.count, at: UInt64($0))]
      }
      let format = WindowFormat(length: 1 + seed % 5, stride: 1 + seed % 3)
      let (table, diagnostics) = Table.parse(bytes, name: "x.txt", format: .windows(format))
      #expect((table == nil) == !diagnostics.isEmpty)
      guard let table else { continue }
      for part in [table, table.forPrediction] {
        for row in 0..<part.rowCount {
          let text = part.text(row: row, column: 0)
          #expect(text.unicodeScalars.count == format.length)
          _ = part.range(row: row, column: 0)
        }
      }
    }
  }
}
