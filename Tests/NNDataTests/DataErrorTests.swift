@testable import NNData
import NNDiagnostics
import NNModel
import Testing

/// A data section, a table, and where what is wrong.
struct DataErrorCase: CustomTestStringConvertible {
  let yaml: String
  var csv = "a,b,c\n1,2,x\n3,4,y\n5,6,x\n"
  let expected: [String]
  var label: String?

  var testDescription: String { expected.joined(separator: " ") }
}

/// The usual inputs and targets, where the case is about something else.
private let ab = "\ninputs: {x: a}\ntargets: {y: b}"

private let cases: [DataErrorCase] = [
  // The section itself.
  .init(
    yaml: "sauce: data.csv" + ab,
    expected: ["model.yaml:1:1 unknown-field"],
    label: "did you mean 'source'?"),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}",
    expected: ["model.yaml:1:1 missing-field"]),
  .init(
    yaml: "split: {train: 1}" + ab,
    expected: ["model.yaml:1:1 conflicting-fields"]),
  .init(
    yaml: "test: data.csv" + ab,
    expected: ["model.yaml:1:1 missing-field"]),
  .init(
    yaml: "source: data.csv\ntrain: data.csv" + ab,
    expected: ["model.yaml:2:1 conflicting-fields"]),
  // Weights and what counts for nothing.
  .init(
    yaml: "source: data.csv\nweight: d" + ab, expected: ["model.yaml:2:9 unknown-column"]),
  .init(
    yaml: "source: data.csv\nweight: a" + ab, expected: ["model.yaml:2:9 duplicate-column"]),
  .init(
    yaml: "source: data.csv\nweight: a\ninputs: {x: \"*a*\"}\ntargets: {y: b}",
    expected: ["model.yaml:2:9 duplicate-column"]),
  .init(
    yaml: "source: data.csv\nweight: \"*\"" + ab, expected: ["model.yaml:2:9 wrong-type"]),
  .init(
    yaml: "source: data.csv\nweight: c" + ab, expected: ["data.csv:2:5 words-as-numbers"]),
  .init(
    yaml: "source: data.csv\nweight: w" + ab, csv: "a,b,w\n1,2,1\n3,4,\n5,6,-1\n",
    expected: ["data.csv:3:5 missing-value"]),
  .init(
    yaml: "source: data.csv\nweight: w" + ab, csv: "a,b,w\n1,2,1\n3,4,0\n5,6,-1\n",
    expected: ["data.csv:4:5 negative-weight"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: {column: b, missing: ignore}}",
    expected: ["model.yaml:3:26 field-not-for-type"]),
  // Sources.
  .init(
    yaml: "source: dta.csv" + ab,
    expected: ["model.yaml:1:9 file-not-found"],
    label: "did you mean 'data.csv'?"),
  .init(
    yaml: "source: nowhere/data.csv" + ab,
    expected: ["model.yaml:1:9 file-not-found"]),
  .init(
    yaml: "source: data.xlsx" + ab,
    expected: ["model.yaml:1:9 unknown-extension"]),
  .init(
    yaml: "source: {cvs: data.csv}" + ab,
    expected: ["model.yaml:1:10 unknown-source"],
    label: "did you mean 'csv'?"),
  .init(
    yaml: "source: {csv: {path: ., header: false}}" + ab,
    expected: ["model.yaml:1:22 not-a-file"]),
  .init(
    yaml: "source: {csv: {path: data.csv, delimiter: ab}}" + ab,
    expected: ["model.yaml:1:43 wrong-type"]),
  .init(
    yaml: "source: {csv: {path: data.csv, delimter: ;}}" + ab,
    expected: ["model.yaml:1:32 unknown-field"],
    label: "did you mean 'delimiter'?"),
  .init(
    yaml: "source: {rows: [[1, 2], [3]]}\ninputs: {x: column_1}\ntargets: {y: column_2}",
    expected: ["model.yaml:1:25 uneven-row"]),
  .init(
    yaml: "source: {rows: {columns: [a, a], values: [[1, 2]]}}" + ab,
    expected: ["model.yaml:1:30 duplicate-column-name"]),
  .init(
    yaml: "source: {rows: [[1, x], [3, 4]]}\ninputs: {x: column_1}\ntargets: {y: column_2}",
    expected: ["model.yaml:1:21 bad-number"]),
  // Splits.
  .init(
    yaml: "source: data.csv\nsplit: {train: 0.7, test: 0.2}" + ab,
    expected: ["model.yaml:2:8 split-sum"]),
  .init(
    yaml: "source: data.csv\nsplit: {train: 0, test: 1}" + ab,
    expected: ["model.yaml:2:16 out-of-range"]),
  .init(
    yaml: "source: data.csv\nsplit: {train: 0.9, test: 0.1}" + ab,
    expected: ["model.yaml:2:8 empty-split"]),
  .init(
    yaml: "source: data.csv\nsplit: {train: 1, stratify: d}" + ab,
    expected: ["model.yaml:2:29 unknown-column"]),
  .init(
    yaml: "source: data.csv\nsplit: {train: 1, stratify: y}" + ab,
    expected: ["model.yaml:2:29 stratify-values"]),
  .init(
    yaml:
      "source: data.csv\nsplit: {train: 0.34, test: 0.66, shuffle: false}\n"
      + "inputs: {x: a}\n"
      + "targets: {y: {column: c, type: category, classes: [x, z]}}",
    expected: ["data.csv:3:5 unknown-category"]),
  .init(
    yaml:
      "source: data.csv\nsplit: {train: 0.6, test: 0.4, shuffle: false}\n"
      + "inputs: {x: {column: c, type: category}}\n"
      + "targets: {y: b}",
    csv: "b,c\n1,x\n2,x\n3,y\n4,x\n5,z\n",
    expected: ["data.csv:6:3 class-not-in-training"]),
  // Columns.
  .init(
    yaml: "source: data.csv\ninputs: {x: [a, dd], z: \"p_*\"}\ntargets: {y: bb}",
    expected: [
      "model.yaml:2:17 unknown-column", "model.yaml:2:25 unmatched-pattern",
      "model.yaml:3:14 unknown-column",
    ]),
  .init(
    yaml: "source: data.csv\ninputs: {x: [a, a]}\ntargets: {y: b}",
    expected: ["model.yaml:2:17 duplicate-column"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: [a, \"a*\"]}\ntargets: {y: b}",
    expected: ["model.yaml:2:17 duplicate-column"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: [a, b]}\ntargets: {y: b}",
    expected: ["model.yaml:2:17 target-in-inputs"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: \"*\"}\ntargets: {y: b}",
    expected: ["model.yaml:2:13 target-in-inputs"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: \"*\"}",
    expected: ["model.yaml:2:13 target-in-inputs"]),
  .init(
    yaml: "source: data.csv\ninputs: {y: a}\ntargets: {y: b}",
    expected: ["model.yaml:3:11 duplicate-name"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {columns: [a, b], shape: [1, 3]}}\n"
      + "targets: {y: {column: c, type: category}}",
    expected: ["model.yaml:2:38 shape-mismatch"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {columns: \"a*\", shape: [9223372036854775807, 4]}}\n"
      + "targets: {y: {column: z}}",
    csv: "a1,a2\n1,2\n",
    expected: ["model.yaml:2:36 shape-mismatch", "model.yaml:3:23 unknown-column"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {column: a, columns: b}}\n"
      + "targets: {y: {column: c, type: category}}",
    expected: ["model.yaml:2:14 conflicting-fields"]),
  // Fields and types.
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {column: a, encode: index}}\n"
      + "targets: {y: {column: b, positive: z}}",
    expected: ["model.yaml:2:25 field-not-for-type", "model.yaml:3:26 field-not-for-type"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {column: c, type: category, scale: standard, missing: mean}}\n"
      + "targets: {y: b}",
    expected: ["model.yaml:2:41 field-not-for-type", "model.yaml:2:58 field-not-for-type"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: {columns: [a, c], type: category}}\ntargets: {y: b}",
    expected: ["model.yaml:2:14 one-column"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: {column: a, scale: standart}}\ntargets: {y: b}",
    expected: ["model.yaml:2:32 unknown-scale"],
    label: "did you mean 'standard'?"),
  .init(
    yaml: "source: data.csv\ninputs: {x: {column: a, scale: {factor: 0}}}\ntargets: {y: b}",
    expected: ["model.yaml:2:41 wrong-type"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: {column: a, missing: {constant: u}}}\n"
      + "targets: {y: {column: b, missing: mean}}",
    expected: ["model.yaml:3:35 wrong-type"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: {column: a, missing: {constant: u}}}\ntargets: {y: b}",
    expected: ["model.yaml:2:45 wrong-type"]),
  .init(
    yaml:
      "source: data.csv\n"
      + "inputs: {x: a}\n"
      + "targets: {y: {column: c, type: category, classes: [x, x]}}",
    expected: ["model.yaml:3:55 duplicate-class"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: {column: c, type: categroy}}",
    expected: ["model.yaml:3:32 wrong-type"],
    label: "did you mean 'category'?"),
  // Cells.
  .init(
    yaml: "source: data.csv\ninputs: {x: c}\ntargets: {y: b}",
    expected: ["data.csv:2:5 words-as-numbers"]),
  .init(
    yaml: "source: data.csv" + ab,
    csv: "a,b\n\"1\n\",2\n \"3\",1e39\n",
    expected: ["data.csv:2:1 bad-number", "data.csv:4:1 bad-number", "data.csv:4:6 bad-number"]),
  .init(
    yaml: "source: data.csv" + ab,
    csv: "a,b\n1,\n,2\n",
    expected: ["data.csv:2:3 missing-value", "data.csv:3:1 missing-value"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: {column: a, missing: drop}}\ntargets: {y: b}",
    csv: "a,b\n,1\nNA,2\n",
    expected: ["model.yaml:1:9 no-rows"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: {column: a, missing: mean}}\ntargets: {y: b}",
    csv: "a,b\n,1\nNA,2\n",
    expected: ["model.yaml:2:10 no-values"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: {column: b, type: binary}}",
    expected: ["model.yaml:3:11 binary-values"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: {column: c, type: binary, positive: z}}",
    expected: ["model.yaml:3:50 unknown-positive"]),
  .init(
    yaml: "source: data.csv\ninputs: {x: a}\ntargets: {y: {column: b, type: category}}",
    csv: "a,b\n1,u\n2,u\n",
    expected: ["model.yaml:3:11 too-few-classes"]),
]

@Suite struct DataErrorTests {
  @Test(arguments: cases) func `every mistake has its place`(_ c: DataErrorCase) {
    let (data, diagnostics) = load(c.yaml + "\n", csv: c.csv)
    #expect(places(diagnostics) == c.expected)
    #expect(data == nil)
    if let label = c.label { #expect(diagnostics.first?.label == label) }
  }

  @Test func `a bad number names row, column, text and what is expected`() {
    let (_, diagnostics) = load("source: data.csv" + ab, csv: "a,b\n1,2\n\"3,5\",4\n")
    #expect(diagnostics.map(\.message) == ["row 2, column 'a': '3,5' is not a number"])
    #expect(
      diagnostics.first?.help == "Decimals are written with a point, and digits are not grouped.")
  }

  @Test func `problems of all columns are told in reading order, five of each column`() {
    let rows = String(repeating: "x,y\n", count: 30)
    let (_, diagnostics) = load("source: data.csv" + ab, csv: "a,b\n1,2\n" + rows)
    #expect(diagnostics.count == 11)
    #expect(
      places(diagnostics).prefix(3) == [
        "data.csv:3:1 bad-number", "data.csv:3:3 bad-number", "data.csv:4:1 bad-number",
      ])
    #expect(diagnostics.last?.message == "50 more problems in 'data.csv'")
  }

  @Test func `a column of words where numbers are wanted is one mistake`() {
    let rows = String(repeating: "x,1\n", count: 30)
    let (_, diagnostics) = load("source: data.csv" + ab, csv: "a,b\n" + rows)
    #expect(places(diagnostics) == ["data.csv:2:1 words-as-numbers"])
    #expect(
      diagnostics.first?.message == "the column 'a' holds words such as 'x', not numbers")
  }

  @Test func `a part's file that lacks a column is named`() {
    let folder = TestFolder(["a.csv": "x,y\n1,2\n", "b.csv": "x,yy\n1,2\n"])
    var reading = Reading("train: a.csv\ntest: b.csv\ninputs: {x: x}\ntargets: {y: y}\n")
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["b.csv:1:1 missing-column"])
  }
}
