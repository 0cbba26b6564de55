import NNData
import NNDiagnostics
import NNModel
import NNTensor
import Testing

/// What is wrong with windows, and where.
@Suite struct WindowErrorTests {
  private static let csv =
    "who,day,level,kind\na,1,1,u\na,2,2,v\na,3,3,u\na,4,4,v\na,5,5,u\nb,1,9,v\nb,2,8,u\n"
  private static let ab = "\ninputs: {x: level}\ntargets: {y: level}\n"

  @Test(arguments: [
    // The section itself.
    ("windows: 5" + ab, ["model.yaml:2:10 wrong-type"]),
    ("windows: {horizon: 2}" + ab, ["model.yaml:2:10 missing-field"]),
    ("windows: {length: 0}" + ab, ["model.yaml:2:19 out-of-range"]),
    ("windows: {length: 2, gap: 3}" + ab, ["model.yaml:2:22 missing-field"]),
    (
      "windows: {length: 2, time: dya, series: whoo}" + ab,
      ["model.yaml:2:28 unknown-column", "model.yaml:2:41 unknown-column"]
    ),
    // What does not go together.
    ("windows: {length: 2}\nweight: day" + ab, ["model.yaml:3:9 conflicting-fields"]),
    (
      "windows: {length: 2}\nsplit: {train: 0.5, test: 0.5, stratify: kind, seed: 3}" + ab,
      ["model.yaml:3:32 conflicting-fields", "model.yaml:3:48 conflicting-fields"]
    ),
    (
      "windows: {length: 2}\nsplit: {train: 0.5, test: 0.5, time: day}" + ab,
      ["model.yaml:3:38 conflicting-fields"]
    ),
    (
      "windows: {length: 2}\nsplit: {train: 0.5, test: 0.5, group: kind}" + ab,
      ["model.yaml:3:39 conflicting-fields"]
    ),
    (
      "windows: {length: 2}\ninputs: {x: {column: level, type: image}}\ntargets: {y: day}\n",
      ["model.yaml:3:29 field-not-for-type"]
    ),
    (
      "windows: {length: 2, horizon: 2}\ninputs: {x: level}\ntargets: {y: {column: kind, type: binary}}\n",
      ["model.yaml:4:29 field-not-for-type"]
    ),
    (
      "windows: {length: 2}\ninputs: {x: level}\ntargets: {y: {column: kind, type: category, shift: 2}}\n",
      ["model.yaml:4:52 out-of-range"]
    ),
    (
      "windows: {length: 2}\ninputs: {x: {column: kind, type: category, relative: last}}\n"
        + "targets: {y: level}\n", ["model.yaml:3:44 field-not-for-type"]
    ),
    (
      "inputs: {x: {column: level, over: past, relative: last}}\ntargets: {y: {column: day, shift: 1}}\n",
      [
        "model.yaml:2:29 missing-field", "model.yaml:2:41 missing-field",
        "model.yaml:3:28 field-not-for-type",
      ]
    ),
    (
      "windows: {length: 2}\ninputs: {x: {column: level, shape: [2, 2]}}\ntargets: {y: day}\n",
      ["model.yaml:3:36 shape-mismatch"]
    ),
    // What a network could copy.
    (
      "windows: {length: 2}\ninputs: {x: {column: level, over: horizon}}\ntargets: {y: level}\n",
      ["model.yaml:3:22 target-in-inputs"]
    ),
    (
      "windows: {length: 2}\ninputs: {x: {column: level, over: both}}\ntargets: {y: level}\n",
      ["model.yaml:3:22 target-in-inputs"]
    ),
    (
      "windows: {length: 2}\ninputs: {x: {columns: [level, day]}}\n"
        + "targets: {y: {column: level, shift: 0}}\n", ["model.yaml:3:24 target-in-inputs"]
    ),
    // Rows.
    ("windows: {length: 9}" + ab, ["model.yaml:2:10 no-windows"]),
    (
      "windows: {length: 2, time: day}" + ab,
      ["data.csv:7:3 repeated-time", "data.csv:8:3 repeated-time"]
    ),
    (
      "windows: {length: 2, time: kind}" + ab,
      [
        "data.csv:2:7 bad-date", "data.csv:3:7 bad-date", "data.csv:4:7 bad-date",
        "data.csv:5:7 bad-date", "data.csv:6:7 bad-date", "data.csv:6:7 more-problems",
      ]
    ),
    (
      "windows: {length: 2, series: who}\nsplit: {train: 0.9, test: 0.1}" + ab,
      ["model.yaml:3:8 empty-split", "model.yaml:2:10 short-series"]
    ),
  ])
  func `it is told where it stands`(_ yaml: String, _ expected: [String]) {
    let (data, diagnostics) = load("source: data.csv\n" + yaml, csv: Self.csv)
    #expect(data == nil)
    #expect(places(diagnostics).sorted() == expected.sorted())
  }

  @Test func `a short series is a warning, with its name`() throws {
    let (data, diagnostics) = load(
      "source: data.csv\nwindows: {length: 3, series: who}" + Self.ab, csv: Self.csv)
    #expect(places(diagnostics) == ["model.yaml:2:10 short-series"])
    let warning = try #require(diagnostics.first)
    #expect(warning.severity == .warning)
    #expect(warning.message.contains("'b' (2 rows)"))
    #expect(data?.splits[.train]?.count == 2)
  }

  @Test func `an autoencoder of windows, and the next of each row, may repeat the input`() {
    for target in ["{columns: [level, day], shift: 0}", "{columns: [level, day], shift: 1}"] {
      let (data, diagnostics) = load(
        "source: data.csv\nwindows: {length: 2}\ninputs: {x: {columns: [level, day]}}\n"
          + "targets: {y: \(target)}\n", csv: Self.csv)
      #expect(places(diagnostics) == [])
      #expect(data?.splits[.train]?.targets[0].sampleShape == [2, 2])
    }
  }

  @Test func `a missing value is told only where a window needs it`() {
    let csv = "t,a,b\n1,1,\n2,2,\n3,3,3\n4,4,4\n5,5,5\n"
    let yaml = "source: data.csv\nwindows: {length: 2, time: t}\ninputs: {x: a}\ntargets: {y: b}\n"
    #expect(load(yaml, csv: csv).0?.splits[.train]?.count == 3)
    let (none, diagnostics) = load(yaml, csv: csv.replacing("4,4,4", with: "4,4,"))
    #expect(none == nil)
    #expect(places(diagnostics) == ["data.csv:5:5 missing-value"])
  }

  @Test func `windows are of tables, and parts of their own have no rows before them`() {
    let text = Reading(
      "source: {text: {path: a.txt}}\nwindows: {length: 3}\ninputs: {x: characters}\n"
        + "targets: {y: next}\n")
    #expect(places(text.reader.diagnostics).contains("model.yaml:2:1 conflicting-fields"))
    let parts = Reading(
      "train: a.csv\ntest: b.csv\nwindows: {length: 3, lookback: true}" + Self.ab)
    #expect(places(parts.reader.diagnostics) == ["model.yaml:3:1 conflicting-fields"])
  }

  @Test func `parts of their own are windows of their own`() throws {
    let folder = TestFolder(["a.csv": Self.csv, "b.csv": Self.csv])
    var reading = Reading(
      "train: a.csv\ntest: b.csv\nwindows: {length: 2, series: who, time: day}" + Self.ab)
    let loaded = reading.load(in: folder.path)
    let data = try #require(loaded)
    #expect(data.splits[.train]?.count == 3)
    #expect(data.splits[.test]?.count == 3)
  }
}
