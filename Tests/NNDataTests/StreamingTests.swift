@testable import NNData
import NNDiagnostics
import NNModel
import NNTensor
import Synchronization
import Testing

/// Tables too large for memory are prepared as those that fit are.
@Suite struct StreamingTests {
  private static let inputs = """
      inputs:
        standard: {columns: [a, b], scale: standard, missing: mean}
        robust: {column: a, scale: robust, missing: median}
        quantile: {column: b, scale: quantile, missing: mode, indicator: true}
        plain: {column: a, missing: {constant: 0}}
        colour: {column: colour, type: category, missing: {constant: none}, rare: 3, unknown: true}
        index: {column: colour, type: category, encode: index, missing: mode, unknown: true}
        day: {column: day, type: date}
        words: {column: note, type: text, length: 4, vocabulary: 6, cut: end}
        grams: {column: colour, type: text, ngrams: 2, buckets: 8, missing: {constant: none}}
      targets:
        price: {column: price, scale: min_max}
        sold: {column: sold, type: binary}
        kind: {column: kind, type: category, missing: drop}
      weight: weight
    """

  private static let splits = [
    "{train: 0.6, validation: 0.2, test: 0.2}", "{train: 0.7, test: 0.3, stratify: kind}",
    "{train: 0.5, validation: 0.5, group: shop}", "{train: 0.8, test: 0.2, time: day}",
    "{train: 1, folds: 4, fold: 2}", "{train: 0.5, test: 0.5, shuffle: false}", "{by: part}",
  ]

  /// Rows with quotes, line breaks in cells, missing values and rare words.
  private static func rows(_ count: Int, seed: UInt64, lineBreak: String) -> String {
    let stream = RandomStream(seed: seed, purpose: "table")
    var text = "a,b,colour,day,price,sold,kind,weight,shop,part,note" + lineBreak
    for row in 0..<count {
      func draw(_ bound: Int, _ column: UInt64) -> Int {
        stream.integer(below: bound, at: UInt64(row), step: column)
      }
      func number(_ column: UInt64) -> String { "\(Double(draw(20_001, column)) / 1000 - 10)" }
      let colours = ["red", "blue", "", "\"dark, green\"", "grey \(draw(40, 3) / 30 * draw(9, 4))"]
      let notes = ["plain", "\"two\(lineBreak)lines\"", "\"a \"\"quoted\"\" word\"", "5\" pipe"]
      let cells = [
        draw(9, 1) == 0 ? "" : number(2), draw(7, 5) == 0 ? "NA" : number(6),
        colours[draw(5, 7)], "2024-0\(1 + draw(9, 8))-1\(draw(10, 9))", number(10),
        draw(2, 11) == 0 ? "no" : "yes", draw(12, 12) == 0 ? "" : "\(draw(3, 13))",
        "\(draw(5, 14))", "shop \(draw(11, 15))",
        ["train", "train", "validation", "test"][draw(4, 16)], notes[draw(4, 17)],
      ]
      text += cells.joined(separator: ",") + (row + 1 == count && seed % 2 == 0 ? "" : lineBreak)
    }
    return text + (seed % 3 == 0 ? lineBreak + lineBreak : "")
  }

  private func loaded(
    _ yaml: String, in folder: TestFolder, memory: Int?, using fitted: Preprocessing? = nil
  ) -> (PreparedData?, [Diagnostic]) {
    var reading = Reading(yaml)
    reading.spec?.memory = memory ?? .max
    return (reading.load(in: folder.path, using: fitted), reading.reader.diagnostics)
  }

  /// - Returns: how many parts were left in files.
  private func expectSame(_ streamed: PreparedData, _ whole: PreparedData) throws -> Int {
    #expect(streamed.preprocessing == whole.preprocessing)
    #expect(streamed.rows == whole.rows)
    #expect(streamed.droppedRows == whole.droppedRows)
    #expect(streamed.splits.keys == whole.splits.keys)
    for (name, samples) in streamed.splits {
      #expect(try samples.inMemory() == whole.splits[name])
    }
    return streamed.splits.values.count { $0.file != nil }
  }

  @Test(arguments: splits, [(300, "\n"), (301, "\r\n")])
  func `every way to divide gives the same samples`(
    _ split: String, _ size: (count: Int, lineBreak: String)
  ) throws {
    for seed in UInt64(1)...3 {
      let text = Self.rows(size.count, seed: seed, lineBreak: size.lineBreak)
      let folder = TestFolder(["data.csv": text])
      let yaml = "source: data.csv\nsplit: \(split)\n" + Self.inputs.trimmed
      let (whole, findings) = loaded(yaml, in: folder, memory: nil)
      #expect(places(findings) == [])
      let expected = try #require(whole)
      for memory in [1100, 4000, 60_000] {
        let (streamed, findings) = loaded(yaml, in: folder, memory: memory)
        #expect(places(findings) == [])
        let data = try #require(streamed)
        #expect(try expectSame(data, expected) > 0 || memory == 60_000)
        // With what was fitted before, as an evaluation prepares it.
        let (again, _) = loaded(yaml, in: folder, memory: memory, using: expected.preprocessing)
        _ = try expectSame(try #require(again), expected)
      }
    }
  }

  @Test func `who shows how far it is hears of each pass to its end`() throws {
    let heard = Mutex<[String: ReadingMeter.Progress]>([:])
    let meter = ReadingMeter { progress in heard.withLock { $0[progress.what] = progress } }
    let text = Self.rows(200, seed: 1, lineBreak: "\n")
    let folder = TestFolder(["data.csv": text])
    var reading = Reading("source: data.csv\n" + Self.inputs.trimmed)
    reading.spec?.memory = 3000
    let storage = DataStorage(CacheFolder(folder.path), meter: meter)
    let data = reading.spec?.load(
      baseDirectory: folder.path, modelSeed: 1, storage: storage, &reading.reader)
    let kept = try #require(data).rows.values.reduce(0) { $0 + $1.count }
    let passes = heard.withLock { $0 }
    #expect(passes.keys.sorted() == ["decoding data.csv", "preparing", "reading data.csv"])
    #expect(passes["decoding data.csv"]?.done == 200)
    #expect(passes["preparing"]?.done == kept)
    for pass in passes.values where pass.what != "reading data.csv" {
      #expect(pass.done == pass.total, "\(pass.what)")
    }
    // The header is no part of any chunk.
    let header = text.utf8.prefix { $0 != UInt8(ascii: "\n") }.count + 1
    #expect(passes["reading data.csv"]?.done == text.utf8.count - header)
  }

  @Test func `several files, also compressed, are one table`() throws {
    let texts = (1...3).map { Self.rows(90 + 20 * $0, seed: UInt64($0), lineBreak: "\n") }
    let folder = TestFolder(["part-1.csv": texts[0], "part-2.csv": texts[1]])
    folder.write(storedGzip(Array(texts[2].utf8)), to: "part-3.csv.gz")
    for source in ["part-*.csv", "part-3.csv.gz"] {
      let yaml = "source: \(source)\nsplit: {train: 0.7, test: 0.3}\n" + Self.inputs.trimmed
      let expected = try #require(loaded(yaml, in: folder, memory: nil).0)
      let streamed = try #require(loaded(yaml, in: folder, memory: 2000).0)
      #expect(try expectSame(streamed, expected) == 2)
    }
  }

  @Test func `the parts may be files of their own`() throws {
    let folder = TestFolder([
      "a.csv": Self.rows(200, seed: 1, lineBreak: "\n"),
      "b.csv": Self.rows(60, seed: 2, lineBreak: "\n"),
    ])
    let yaml = "train: a.csv\ntest: b.csv\n" + Self.inputs.trimmed
    let expected = try #require(loaded(yaml, in: folder, memory: nil).0)
    let streamed = try #require(loaded(yaml, in: folder, memory: 2000).0)
    #expect(try expectSame(streamed, expected) == 2)
  }

  @Test func `pixels in columns are images`() throws {
    var text = (0..<16).map { "p\($0)" }.joined(separator: ",") + ",digit\n"
    for row in 0..<80 {
      let pixels = (0..<16).map { "\((row * 7 + $0 * 13) % 256)" }
      text += (pixels + ["\(row % 3)"]).joined(separator: ",") + "\n"
    }
    let folder = TestFolder(["data.csv": text])
    let yaml = """
      source: data.csv
      split: {train: 0.8, test: 0.2}
      inputs:
        image:
          columns: p*
          shape: [4, 4]
          scale: {factor: 0.00392156862745098}
          transforms: [{shift: 0.25}, {normalise: {mean: [0.5], deviation: [0.25]}}]
      targets: {digit: {column: digit, type: category}}
      """
    let (whole, findings) = loaded(yaml, in: folder, memory: nil)
    #expect(places(findings) == [])
    let streamed = try #require(loaded(yaml, in: folder, memory: 2000).0)
    #expect(try expectSame(streamed, try #require(whole)) == 2)
  }

  @Test(arguments: [
    ("a,b\n1,2\n3,x\n5,6\n", "bad-number"), ("a,b\n1,2\n3\n", "uneven-row"),
    ("a,b\n1,2\n\n3,4\n", "uneven-row"), ("a,b\n1,2\n3,\"4\n", "unclosed-quote"),
    ("a,b\n1,2\n3,\n", "missing-value"), ("a,b\n1,2\n3,\"4\"5\n", "text-after-quote"),
    ("a,b\n1,2\n3,4\u{0}\n", "binary-data"), ("a,b\n1,2\n3,1e39\n", "bad-number"),
  ])
  func `mistakes are found at the same places`(_ table: String, _ code: String) throws {
    // The mistake is far behind many right rows.
    let right = String(repeating: "11.5,-0.25\n", count: 200)
    let lines = table.split(separator: "\n", omittingEmptySubsequences: false)
    let text = lines[0] + "\n" + right + lines.dropFirst().joined(separator: "\n")
    let folder = TestFolder(["data.csv": text])
    let yaml = "source: data.csv\ninputs: {a: a}\ntargets: {b: b}\n"
    let (_, expected) = loaded(yaml, in: folder, memory: nil)
    #expect(expected.first?.code == code)
    for memory in [1100, 3000, 9000] {
      let (data, findings) = loaded(yaml, in: folder, memory: memory)
      #expect(data == nil)
      #expect(findings == expected)
    }
  }

  @Test func `a word that no training row has is found in its row`() throws {
    let rows = (0..<400).map { "\($0),\($0 % 2 == 0 ? "red" : "blue")" } + ["400,green"]
    let folder = TestFolder(["data.csv": "a,b\n" + rows.joined(separator: "\n") + "\n"])
    let yaml = """
      source: data.csv
      split: {train: 0.9, test: 0.1, shuffle: false}
      inputs: {a: a}
      targets: {b: {column: b, type: category}}
      """
    let (_, expected) = loaded(yaml, in: folder, memory: nil)
    #expect(expected.map(\.code) == ["class-not-in-training"])
    #expect(expected.first?.range.start.line == 402)
    let (_, findings) = loaded(yaml, in: folder, memory: 3000)
    #expect(findings == expected)
  }

  @Test func `a new table is prepared in pieces as in one`() throws {
    let text = Self.rows(250, seed: 4, lineBreak: "\n")
    let folder = TestFolder(["data.csv": text])
    let yaml = "source: data.csv\n" + Self.inputs.trimmed
    let fitted = try #require(loaded(yaml, in: folder, memory: nil).0).preprocessing
    let path = folder.path + "/data.csv"
    let whole = try #require(fitted.readTable(path: path, memory: .max).0)
    let table = try #require(fitted.readTable(path: path, memory: 3000).0)
    #expect(whole.pieceCount == 1)
    #expect(table.pieceCount > 10)
    let expected = try #require(fitted.prepare(whole, needTargets: true).0)
    let filed = try #require(fitted.prepare(table, needTargets: true).0)
    #expect(try filed.samples.inMemory() == expected.samples)
    #expect(filed.rowNumbers == expected.rowNumbers)
    #expect(filed.droppedRows == expected.droppedRows)
    var price: [Float] = []
    for index in 0..<table.pieceCount {
      let piece = try #require(table.piece(index).0)
      let prepared = try #require(fitted.prepare(piece, needTargets: true).0)
      price += floats(prepared.samples.targets.first) ?? []
    }
    #expect(price == floats(expected.samples.targets.first))
  }

  @Test func `a mistake in a later piece is found in its line`() throws {
    let rows = String(repeating: "1,2\n", count: 300) + "x,2\n"
    let folder = TestFolder(["data.csv": "a,b\n" + String(repeating: "1,2\n", count: 9)])
    folder.write(Array(("a,b\n" + rows).utf8), to: "new.csv")
    let yaml = "source: data.csv\ninputs: {a: a}\ntargets: {b: b}\n"
    let fitted = try #require(loaded(yaml, in: folder, memory: nil).0).preprocessing
    let table = try #require(fitted.readTable(path: folder.path + "/new.csv", memory: 1000).0)
    let last = try #require(table.piece(table.pieceCount - 1).0)
    let findings = fitted.prepare(last, needTargets: false).1
    #expect(findings.first?.range.start.line == 302)
    #expect(findings.first?.message.hasPrefix("row 301,") == true)
    #expect(fitted.prepare(table, needTargets: false).1 == findings)
  }

  @Test func `arrays that make large samples are filed too`() throws {
    let folder = TestFolder()
    let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (50, 8), }"
    let padded = header + String(repeating: " ", count: 117 - header.utf8.count) + "\n"
    let numbers = (0..<400).map { UInt8(truncatingIfNeeded: $0 * 31) }
    folder.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + padded.utf8 + numbers, to: "x.npy")
    let yaml = """
      source: x.npy
      split: {train: 0.8, test: 0.2}
      inputs: {x: {column: values, scale: standard}}
      targets: {y: {column: values, scale: min_max}}
      """
    let (whole, findings) = loaded(yaml, in: folder, memory: nil)
    #expect(places(findings) == [])
    let streamed = try #require(loaded(yaml, in: folder, memory: 1000).0)
    #expect(try expectSame(streamed, try #require(whole)) == 2)
  }

  @Test func `what cannot be kept is told at the source`() throws {
    let problem = StorageProblem("/nowhere", reason: "No space left on device")
    var reader = Reader(file: "model.yaml", catalogue: Catalogue())
    let value: Int? = reader.storing(at: .beginning) { _ throws(StorageProblem) in throw problem }
    #expect(value == nil)
    #expect(reader.diagnostics.map(\.code) == ["no-storage"])
  }

  @Test(arguments: [
    ("1 MB", 1_000_000), ("1.5 GiB", 1_610_612_736), ("2GB", 2_000_000_000),
  ])
  func `sizes are read with their units`(_ text: String, _ bytes: Int) {
    let reading = Reading("source: d.csv\nmemory: \(text)\ninputs: {a: a}\ntargets: {b: b}\n")
    #expect(reading.reader.diagnostics.isEmpty)
    #expect(reading.spec?.memory == bytes)
  }

  @Test(arguments: ["500", "much", "5 kB", "-2 GB", "1e3 MB", "2 gb", "[1]"])
  func `other sizes are refused`(_ text: String) {
    let reading = Reading("source: d.csv\nmemory: \(text)\ninputs: {a: a}\ntargets: {b: b}\n")
    #expect(reading.reader.diagnostics.count == 1)
  }
}

extension String {
  /// Without the four blanks that stand before each line.
  fileprivate var trimmed: String {
    split(separator: "\n").map { $0.hasPrefix("  ") ? String($0.dropFirst(2)) : String($0) }
      .joined(separator: "\n")
  }
}
