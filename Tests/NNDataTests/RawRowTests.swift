@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Rows that a prediction reads become the same floats, bit for bit, as those that training and an
/// evaluation of a part of the data read, whatever the source and the type of a column. From the same
/// floats the network makes the same predictions.
@Suite struct RawRowTests {
  /// A source beside a file of raw rows and the columns that are inputs.
  struct Case: Sendable, CustomTestStringConvertible {
    let source: String
    let file: String
    let inputs: String
    let target: String
    var isText = false

    var testDescription: String { "\(source): \(inputs)" }
  }

  private static let readers: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Fixtures/readers"
  }()

  private static let columns =
    "n,m,word,yes,day,level,p0,p1,p2,p3,y\n"
    + (0..<24).map { row in
      let n = row % 7 == 3 ? "" : "\(row * row % 17).\(row % 10)"
      let word = row < 2 ? "only\(row)" : ["red", "green", "blue"][row % 3]
      let day = "2024-0\(row % 9 + 1)-1\(row % 10)"
      let level = ["low", "mid", "high"][row * 5 % 3]
      let pixels = (0..<4).map { "\((row * 37 + $0 * 91) % 256)" }.joined(separator: ",")
      return "\(n),\(row * 3 % 11),\(word),\(row % 2 == 0 ? "yes" : "no"),\(day),\(level),"
        + "\(pixels),\(row % 5)\n"
    }.joined()

  /// Every type of column, each with what may stand beside it.
  private static let typed = [
    "{column: m}", "{column: m, scale: standard}", "{column: m, scale: min_max}",
    "{column: m, scale: robust}", "{column: m, scale: quantile}", "{column: m, scale: power}",
    "{column: m, scale: {factor: 0.3}}", "{column: m, log1p: true, clip: [1, 8], scale: standard}",
    "{columns: [n, m], missing: mean, scale: standard}", "{column: n, missing: drop}",
    "{column: n, missing: median, indicator: true}", "{column: n, missing: {constant: 2.5}}",
    "{column: n, missing: mode, scale: power}",
    "{column: word, type: category, unknown: true}",
    "{column: word, type: category, rare: 2, unknown: true}",
    "{column: level, type: category, encode: index}", "{column: yes, type: binary}",
    "{column: level, type: ordinal, classes: [low, mid, high]}", "{column: day, type: date}",
    "{column: day, type: date, parts: [month, weekday], cyclic: true, scale: standard}",
    "{columns: p*, type: image, shape: [1, 2, 2], scale: {factor: 0.004}}",
    "{columns: p*, type: image, shape: [1, 2, 2], scale: {factor: 0.004}, transforms: [{pad: 1}, "
      + "flip, {normalise: {mean: [0.4], deviation: [0.3]}}]}",
    "{columns: p*, shape: [2, 2], scale: standard}",
  ]

  private static let sources = [
    Case(source: "data.csv.gz", file: "data.csv.gz", inputs: "{column: m}", target: "{column: y}"),
    Case(source: "data.tsv", file: "data.tsv", inputs: "{column: m}", target: "{column: y}"),
    Case(
      source: "{csv: {path: data.csv, delimiter: ','}}", file: "data.csv", inputs: "{column: m}",
      target: "{column: y}"),
    Case(
      source: "\(readers)/records.jsonl", file: "\(readers)/records.jsonl",
      inputs: "{column: pixels, missing: mean, scale: standard}", target: "{column: id}"),
    Case(
      source: "\(readers)/stored.npz", file: "\(readers)/stored.npz",
      inputs: "{column: x_train, scale: standard}", target: "{column: weight}"),
    Case(
      source: "{numpy: {path: \(readers)/deflated.npz, arrays: {label: y_train, pixels: x_train}}}",
      file: "\(readers)/deflated.npz", inputs: "{column: pixels}",
      target: "{column: label, type: category}"),
    Case(
      source:
        "{idx: {columns: {pixels: \(readers)/images-idx3-ubyte.gz, "
        + "label: \(readers)/labels-idx1-ubyte}}}", file: "\(readers)/images-idx3-ubyte.gz",
      inputs: "{column: pixels, type: image, transforms: [{resize: 3}, {shift: 0.3}]}",
      target: "{column: label}"),
    Case(
      source: "\(readers)/tensors.safetensors", file: "\(readers)/tensors.safetensors",
      inputs: "{column: float64, scale: standard}", target: "{column: label}"),
    Case(
      source:
        "{sqlite: {path: \(readers)/shop.sqlite, query: 'SELECT id, id * 2.5 AS x FROM customers'}}",
      file: "\(readers)/shop.sqlite", inputs: "{column: x, scale: standard}", target: "{column: id}"
    ),
    Case(
      source: "\(readers)/sparse.arff", file: "\(readers)/sparse.arff", inputs: "{column: a}",
      target: "{column: b, type: category}"),
    Case(
      source: "\(readers)/one.libsvm", file: "\(readers)/one.libsvm",
      inputs: "{column: features, scale: standard}", target: "{column: label}"),
    Case(
      source: "\(datasets)/photos/test/", file: "\(datasets)/photos/test",
      inputs: "{column: image, transforms: [{resize: 8}, flip, {normalise: {mean: [0.5], "
        + "deviation: [0.2]}}]}", target: "{column: label, type: category}"),
    Case(
      source: "{image_list: {path: list.csv, column: file, folder: \(datasets)/photos/test}}",
      file: "list.csv", inputs: "{column: file, transforms: [{crop: 20}]}",
      target: "{column: kind, type: category}"),
    Case(
      source: "{lines: {path: reviews.txt, label: tab}}", file: "reviews.txt",
      inputs: "{column: text, type: text, length: 4, cut: end}",
      target: "{column: label, type: category}"),
    Case(
      source: "{lines: {path: reviews.txt, label: tab}}", file: "reviews.txt",
      inputs: "{column: text, type: text, ngrams: 2, buckets: 16}",
      target: "{column: label, type: category}"),
    Case(
      source: "{text: {path: novel.txt, length: 8, stride: 1}}", file: "novel.txt",
      inputs: "{column: characters}", target: "{column: next}", isText: true),
  ]

  static let cases =
    typed.map { Case(source: "data.csv", file: "data.csv", inputs: $0, target: "{column: y}") }
    + sources

  private static let list =
    "file,kind\n"
    + (0..<6).map { row in
      let kind = row % 2 == 0 ? "china" : "flower"
      return "\(kind)/row-0\(row)-column-17.jpg,\(kind)\n"
    }.joined()

  @Test(arguments: cases)
  func `raw rows become the floats that an evaluation sees`(_ own: Case) throws {
    let folder = TestFolder([
      "data.csv": Self.columns, "data.tsv": Self.columns.replacing(",", with: "\t"),
      "list.csv": Self.list,
      "reviews.txt": (0..<9).map { "\($0 % 2 == 0 ? "good" : "bad")\tit is no. \($0) of them\n" }
        .joined(),
      "novel.txt": String(repeating: "It is a truth that ", count: 9),
    ])
    folder.write(storedGzip(Array(Self.columns.utf8)), to: "data.csv.gz")
    let yaml = "source: \(own.source)\ninputs: {x: \(own.inputs)}\ntargets: {y: \(own.target)}\n"
    var reading = Reading(yaml)
    let trained = reading.load(in: folder.path)
    let fresh = try #require(trained, "\(reading.reader.diagnostics.map(\.message))")
    let stored = try Preprocessing(
      json: try JSONValue.parse(fresh.preprocessing.json.serialized()))
    var again = Reading(yaml)
    let evaluated = try #require(again.load(in: folder.path, using: stored)?.splits[.train])
    let path = own.file.hasPrefix("/") ? own.file : "\(folder.path)/\(own.file)"
    let (table, findings) = stored.readTable(path: path)
    let raw = stored.prepare(try #require(table, "\(findings.map(\.message))"), needTargets: false)
    let predicted = try #require(raw.0, "\(raw.1.map(\.message))").samples
    // The last window of a text has no character behind it to compare with.
    #expect(predicted.count == evaluated.count + (own.isText ? 1 : 0))
    #expect(bits(predicted).starts(with: bits(evaluated)))
    #expect(!bits(evaluated).isEmpty)
    if evaluated.inputs[0].late == nil, fresh.splits[.train]?.inputs[0].late == nil {
      #expect(try bits(#require(fresh.splits[.train])) == bits(evaluated))
    }
  }

  @Test func `every kind of source has a case`() {
    // Rows in a model file are no file to predict from; csv is read the same way.
    let words = DataCatalogue.sources.words.filter { $0 != "rows" }
    for word in words {
      let type = DataCatalogue.sources.entry(word)?.type as? any Source.Type
      let ends = type?.extensions ?? []
      #expect(
        Self.cases.contains { own in
          own.source.contains("{\(word):") || ends.contains { own.source.hasSuffix($0) }
        }, "\(word)")
    }
  }

  private func bits(_ samples: Samples) -> [UInt32] {
    switch samples.inputs[0].storage {
    case .float(let values): values.map(\.bitPattern)
    case .index(let values): values.map { UInt32(bitPattern: $0) }
    case .filed: []
    }
  }
}
