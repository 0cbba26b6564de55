@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// Columns that know what their values are, from a file to samples and back from a checkpoint.
@Suite struct TypedTableTests {
  private static let fashion = """
    source: {idx: {columns: {pixels: images-idx3-ubyte.gz, label: labels-idx1-ubyte}}}
    split: {train: 0.6, test: 0.4, shuffle: false}
    inputs: {pixels: {scale: {factor: 0.5}}}
    targets: {label: {type: category, classes: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]}}
    """

  private func numbers(_ rows: [[Float]]) -> [UInt8] {
    var bytes: [UInt8] = [0, 0, 0x0D, 2] + big(rows.count) + big(rows[0].count)
    for value in rows.joined() {
      bytes += big(Int(value.bitPattern))
    }
    return bytes
  }

  private func big(_ number: Int) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
  }

  private func loaded(
    _ yaml: String, in folder: String = ReaderFixture.folder
  ) throws -> PreparedData {
    var reading = Reading(yaml)
    let data = reading.load(in: folder)
    #expect(places(reading.reader.diagnostics) == [])
    return try #require(data)
  }

  @Test func `images of bytes become samples of their shape`() throws {
    let data = try loaded(TypedTableTests.fashion)
    #expect(data.schema.inputs.map(\.shape) == [[5, 4]])
    let fixture = try #require(try ReaderFixture.all().first)
    let pixels = try #require(fixture.columns[0].numbers)
    let train = try #require(data.splits[.train])
    #expect(floats(train.inputs[0]) == pixels[..<80].map { Float(($0 ?? 0) * 0.5) })
    #expect(train.inputs[0].sampleShape == [5, 4])
    let labels = try #require(fixture.columns[1].numbers)
    #expect(indices(train.targets[0]) == labels[..<4].map { Int32($0 ?? -1) })
    #expect(
      data.sourceFiles.map(\.path) == ["images-idx3-ubyte.gz", "labels-idx1-ubyte"])
  }

  @Test func `a factor is one number in a checkpoint, statistics are one an element`() throws {
    let data = try loaded(TypedTableTests.fashion)
    let text = data.preprocessing.json.serialized()
    #expect(text.contains(#""scale":{"kind":"factor","offset":[0.0],"factor":[0.5]}"#))
    #expect(try Preprocessing(json: JSONValue.parse(text)) == data.preprocessing)
    let standard = try loaded(
      TypedTableTests.fashion.replacing("{factor: 0.5}", with: "standard"))
    guard case .number(let scaling) = standard.preprocessing.inputs[0].content else { return }
    #expect(scaling.offsets.count == 20)
    let train = try #require(floats(standard.splits[.train]?.inputs[0]))
    for element in 0..<20 {
      let mean = (0..<4).reduce(0) { $0 + train[$1 * 20 + element] } / 4
      #expect(abs(mean) < 1e-5)
    }
  }

  @Test func `a tensor is prepared as the same numbers in columns are, to the bit`() throws {
    let rows: [[Float]] = [[0.1, 7e8, -3], [.nan, 1.5, 2], [4.25, -0.0, 1e-9], [3, 2, 1]]
    let folder = TestFolder()
    folder.write(numbers(rows), to: "a.idx")
    folder.write(numbers([[1], [2], [3], [4]]), to: "y.idx")
    let cells = rows.enumerated().map { row, numbers in
      (numbers.map { $0.isNaN ? "" : "\(Double($0))" } + ["\(row)"]).joined(separator: ",")
    }
    folder.write(Array(("a,b,c,y\n" + cells.joined(separator: "\n")).utf8), to: "a.csv")
    for scale in ["standard", "min_max", "{factor: 0.3}", "none"] {
      for missing in ["mean", "median", "{constant: 2.5}", "drop"] {
        let rest = "scale: \(scale), missing: \(missing)}}\ntargets: {y: y}\n"
        let tensor = try loaded(
          "source: {idx: {columns: {x: a.idx, y: y.idx}}}\ninputs: {x: {columns: x, \(rest)",
          in: folder.path)
        let plain = try loaded(
          "source: a.csv\ninputs: {x: {columns: [a, b, c], \(rest)", in: folder.path)
        let values = try #require(floats(tensor.splits[.train]?.inputs[0]))
        #expect(values == floats(plain.splits[.train]?.inputs[0]))
        #expect(values.count == (missing == "drop" ? 9 : 12))
      }
    }
  }

  @Test func `an autoencoder draws a tensor again, and nothing else is both input and target`()
    throws
  {
    let data = try loaded(
      """
      source: images-idx3-ubyte.gz
      inputs: {image: {column: values, scale: {factor: 0.1}}}
      targets: {again: {column: values, scale: {factor: 0.1}}}
      """)
    #expect(data.schema.targets.map(\.type) == [.number([5, 4])])
    var reading = Reading("source: labels-idx1-ubyte\ninputs: {x: values}\ntargets: {y: values}\n")
    #expect(reading.load(in: ReaderFixture.folder) == nil)
    #expect(reading.reader.diagnostics.map(\.code) == ["target-in-inputs"])
  }

  @Test func `tensors of whole numbers are sequences of categories`() throws {
    let folder = TestFolder([
      "tokens.jsonl": """
      {"tokens": [3, 10, 3], "next": [10, 3, null]}
      {"tokens": [2, 2, 10], "next": [2, 10, 2]}
      """
    ])
    let data = try loaded(
      """
      source: tokens.jsonl
      inputs: {tokens: {type: category, encode: index}}
      targets: {next: {type: category, missing: ignore}}
      """, in: folder.path)
    #expect(data.preprocessing.inputs[0].classes == ["2", "3", "10"])
    #expect(indices(data.splits[.train]?.inputs[0]) == [1, 2, 1, 0, 0, 2])
    #expect(indices(data.splits[.train]?.targets[0]) == [2, 1, -1, 0, 2, 0])
    #expect(data.schema.inputs.map(\.shape) == [[3]])
    let text = data.preprocessing.json.serialized()
    #expect(try Preprocessing(json: JSONValue.parse(text)) == data.preprocessing)
  }

  @Test func `columns of one value and tensors are one feature, in the order of the list`() throws {
    let folder = TestFolder([
      "mixed.jsonl": """
      {"a": 1, "v": [2, 3], "w": "4", "y": 0}
      {"a": 5, "v": [6, null], "w": "8", "y": 1}
      {"a": null, "v": [1, 1], "w": "2", "y": 1}
      """
    ])
    let yaml = """
      source: mixed.jsonl
      inputs: {x: {columns: [w, v, a], missing: {constant: -1}, scale: {factor: 2}}}
      targets: {y: {type: binary}}
      """
    let data = try loaded(yaml, in: folder.path)
    #expect(
      floats(data.splits[.train]?.inputs[0]) == [8, 4, 6, 2, 16, 12, -2, 10, 4, 2, 2, -2])
    let text = data.preprocessing.json.serialized()
    #expect(try Preprocessing(json: JSONValue.parse(text)) == data.preprocessing)
    var strict = Reading(yaml.replacing("missing: {constant: -1}, ", with: ""))
    #expect(strict.load(in: folder.path) == nil)
    #expect(
      places(strict.reader.diagnostics)
        == ["mixed.jsonl:2:1 missing-value", "mixed.jsonl:3:1 missing-value"])
  }

  @Test func `an infinite number of a tensor is told with row and place`() throws {
    let folder = TestFolder()
    folder.write(numbers([[1, 2], [3, .infinity]]), to: "a.idx")
    var reading = Reading("source: a.idx\ninputs: {x: values}\ntargets: {y: values}\n")
    #expect(reading.load(in: folder.path) == nil)
    let finding = try #require(reading.reader.diagnostics.first)
    #expect(finding.code == "bad-number")
    #expect(finding.message.contains("row 2, column 'values' at place 2"))
  }

  @Test(arguments: [
    ("pixels: {shape: [4, 6]}", "label: {type: category}", "shape-mismatch"),
    ("pixels: {type: category}", "label: {type: category}", "one-column"),
    ("pixels: {scale: standard}", "pixel: {type: category}", "unknown-column"),
    ("pixels: {scale: standard}", "label: {type: binary}", "binary-values"),
  ])
  func `what does not fit a tensor is told where it is declared`(
    _ input: String, _ target: String, _ code: String
  ) {
    var reading = Reading(
      """
      source: {idx: {columns: {pixels: images-idx3-ubyte.gz, label: labels-idx1-ubyte}}}
      inputs: {\(input)}
      targets: {\(target)}
      """)
    #expect(reading.load(in: ReaderFixture.folder) == nil)
    #expect(reading.reader.diagnostics.map(\.code) == [code])
    #expect(reading.reader.diagnostics.first?.file == "model.yaml")
  }

  @Test func `the header alone tells shapes, a model file without data does not`() throws {
    var reading = Reading(TypedTableTests.fashion)
    #expect(reading.spec?.schemaWithoutData() == nil)
    let schema = reading.spec?.checkHeader(
      baseDirectory: ReaderFixture.folder, &reading.reader)
    #expect(places(reading.reader.diagnostics) == [])
    #expect(schema?.inputs.map(\.shape) == [[5, 4]])
    #expect(schema?.targets.first?.type.shape == .scalar)
  }

  @Test func `files of one source have as many rows`() throws {
    let folder = TestFolder()
    folder.write(numbers([[1], [2]]), to: "a.idx")
    folder.write(numbers([[1]]), to: "b.idx")
    var reading = Reading(
      "source: {idx: {columns: {a: a.idx, b: b.idx}}}\ninputs: {a: a}\ntargets: {b: b}\n")
    #expect(reading.load(in: folder.path) == nil)
    #expect(places(reading.reader.diagnostics) == ["model.yaml:1:39 uneven-columns"])
  }

  @Test func `new tables are read by their extension, and must be of the same shape`() throws {
    let folder = TestFolder()
    folder.write(numbers([[1, 2], [3, 4], [5, 6]]), to: "a.idx")
    folder.write(Array("values\n7\n".utf8), to: "a.csv")
    folder.write(numbers([[1, 2, 3]]), to: "wide.idx")
    let data = try loaded(
      "source: a.idx\ninputs: {x: values}\ntargets: {y: values}\n", in: folder.path)
    func codes(_ name: String) throws -> [String] {
      let (table, diagnostics) = data.preprocessing.readTable(path: folder.path + "/" + name)
      #expect(places(diagnostics) == [])
      return data.preprocessing.prepare(try #require(table), needTargets: false).1.map(\.code)
    }
    #expect(try codes("a.idx") == [])
    // An array has no name of its own.
    let named = try loaded(
      "source: {idx: {columns: {x: a.idx, y: a.idx}}}\ninputs: {x: x}\ntargets: {y: y}\n",
      in: folder.path)
    let (array, _) = named.preprocessing.readTable(path: ReaderFixture.folder + "/named.npy")
    #expect(array?.columnNames == ["x"])
    #expect(try codes("a.csv") == ["shape-mismatch"])
    #expect(try codes("wide.idx") == ["shape-mismatch"])
  }
}
