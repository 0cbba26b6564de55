@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// Samples of rows that follow each other: what they hold, what is learnt from them, and what a
/// prediction takes.
@Suite struct WindowTests {
  /// Two series of 20 and 14 rows, in turns; the levels are the number of the row, and 100 more.
  private static let csv =
    "who,day,level,kind\n"
    + (0..<34).map { row in
      let isFirst = row % 2 == 0 || row >= 28
      let day = row < 28 ? row / 2 : row - 14
      return "\(isFirst ? "a" : "b"),\(day),\(isFirst ? day : 100 + day),\(["u", "v"][day % 2])\n"
    }.joined()

  private static let head = """
    source: data.csv
    windows: {length: 3, horizon: 2, time: day, series: who}

    """

  private func loaded(_ yaml: String, csv: String = WindowTests.csv) throws -> PreparedData {
    let (data, diagnostics) = load(yaml, csv: csv)
    #expect(places(diagnostics) == [])
    return try #require(data)
  }

  // MARK: Shapes

  @Test(arguments: [
    ("{x: {column: level}}", [3]), ("{x: {columns: [level, day]}}", [3, 2]),
    ("{x: {column: level, shape: [3, 1]}}", [3, 1]),
    ("{x: {column: level, shape: [1, 3]}}", [1, 3]),
    ("{x: {column: kind, type: category}}", [3, 2]),
    ("{x: {column: kind, type: category, encode: index}}", [3]),
    ("{x: {column: kind, type: binary}}", [3]),
    ("{x: {column: kind, type: ordinal, classes: [u, v]}}", [3]),
    ("{x: {columns: [level, day], over: horizon}}", [2, 2]),
    ("{x: {column: day, over: both}}", [5]),
    ("{x: {column: level, missing: mean, indicator: true}}", [3, 2]),
  ])
  func `an input has its rows first`(_ inputs: String, _ shape: [Int]) throws {
    let yaml =
      Self.head
      + "inputs: \(inputs)\ntargets: {y: {column: day}}\n"
      .replacing("column: day}", with: inputs.contains("day") ? "column: t}" : "column: day}")
    let csv = Self.csv.replacing("kind\n", with: "kind,t\n").replacing(/([uv])\n/) { "\($0.1),1\n" }
    let data = try loaded(yaml, csv: csv)
    #expect(data.schema.inputs[0].shape == Shape(shape))
    #expect(data.splits[.train]?.inputs[0].sampleShape == Shape(shape))
    // The header tells as much.
    let folder = TestFolder(["data.csv": csv])
    var reading = Reading(yaml)
    let schema = reading.spec?.checkHeader(baseDirectory: folder.path, &reading.reader)
    #expect(schema?.inputs[0].shape == Shape(shape))
    #expect(places(reading.reader.diagnostics) == [])
  }

  @Test(arguments: [
    ("{y: level}", TargetType.number([2])), ("{y: {columns: [level, day]}}", .number([2, 2])),
    ("{y: {column: kind, type: category}}", .category(classes: ["u", "v"], shape: [2])),
    ("{y: {column: kind, type: category, shift: 2}}", .category(classes: ["u", "v"], shape: [3])),
  ])
  func `a target is the horizon's rows, or the window's moved on`(
    _ targets: String, _ type: TargetType
  ) throws {
    let data = try loaded(Self.head + "inputs: {x: level}\ntargets: \(targets)\n")
    #expect(data.schema.targets[0].type == type)
  }

  @Test func `of one row to come a class is what it is without windows`() throws {
    let data = try loaded(
      "source: data.csv\nwindows: {length: 3, time: day, series: who}\n"
        + "inputs: {x: level}\ntargets: {y: {column: kind, type: category}}\n")
    #expect(data.schema.targets[0].type == .category(classes: ["u", "v"], shape: .scalar))
  }

  // MARK: Parts

  /// A stream of numbers that is the same every time.
  private struct Numbers {
    var state: UInt64
    mutating func next(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((state >> 33) % UInt64(count))
    }
  }

  @Test(arguments: 0..<200)
  func `parts share no row, and looking back no target`(_ seed: Int) {
    var numbers = Numbers(state: UInt64(seed))
    let windows = SeriesWindows(
      length: 1 + numbers.next(5), horizon: 1 + numbers.next(3), stride: 1 + numbers.next(4),
      time: "t", series: "s", gap: seed % 3 == 0 ? 2 : nil)
    var groups: [(name: String?, rows: [Int])] = (0..<1 + numbers.next(4)).map { ("\($0)", []) }
    let rowCount = 10 + numbers.next(80)
    for row in 0..<rowCount { groups[numbers.next(groups.count)].rows.append(row) }
    let times = (0..<rowCount).map { _ in Double(numbers.next(3 * rowCount)) }
    let order = SeriesOrder(groups: groups, times: times, gap: windows.gap)
    #expect(order.rows.sorted() == Array(0..<rowCount))
    // Runs of parts within each series, as a split or a column makes them.
    var parts: [Int8] = []
    for _ in 0..<rowCount {
      let stays = !parts.isEmpty && numbers.next(8) > 0
      parts.append(stays ? parts[parts.count - 1] : Int8(numbers.next(3)))
    }
    for lookback in [0, windows.length] {
      let cutting = WindowCutting(windows: windows, lookback: lookback)
      var holder = [Int](repeating: -1, count: rowCount)
      for part in 0..<3 {
        let starts = cutting.starts(of: part, parts: parts, order)
        #expect(starts == starts.sorted() && Set(starts).count == starts.count)
        for start in starts {
          let all = start..<start + windows.span
          let series = order.series.first { $0.positions.contains(start) }
          #expect(series?.positions.contains(all.upperBound - 1) == true)
          #expect(!all.dropFirst().contains { order.isCut[$0] })
          let own = lookback > 0 ? start + windows.length..<all.upperBound : all
          for position in own {
            #expect(parts[position] == Int8(part))
            #expect(holder[position] == -1 || holder[position] == part)
            holder[position] = part
          }
          // What is looked back at is never of a later part.
          #expect(all.allSatisfy { parts[$0] <= Int8(part) })
        }
      }
    }
  }

  @Test func `groups are whole series`() throws {
    let data = try loaded(
      Self.head
        + "split: {train: 0.6, test: 0.4, group: who}\ninputs: {x: level}\ntargets: {y: level}\n")
    let isFirst = data.splits.mapValues { samples in
      Set((floats(samples.inputs[0]) ?? []).map { $0 < 100 })
    }
    #expect(isFirst[.train]?.count == 1)
    #expect(isFirst[.test]?.count == 1)
    #expect(isFirst[.train] != isFirst[.test])
    #expect(data.splits.values.reduce(0) { $0 + $1.count } == 16 + 10)
  }

  // MARK: Learning

  @Test func `statistics are those of the rows that training windows cover, each once`() throws {
    let yaml =
      Self.head
      + "split: {train: 0.5, test: 0.5}\ninputs: {x: {column: level, scale: standard}}\n"
      + "targets: {y: {column: level, scale: min_max}}\n"
    let data = try loaded(yaml)
    guard case .number(let scaling) = data.preprocessing.inputs[0].content,
      case .number(let extent) = data.preprocessing.targets[0].content
    else {
      Issue.record("no numbers")
      return
    }
    // The first half of either series: 0 to 9, and 100 to 106.
    let covered = Array(0..<10) + Array(100..<107)
    let mean = Double(covered.reduce(0, +)) / Double(covered.count)
    #expect(abs(scaling.offsets[0] - mean) < 1e-12)
    #expect(extent.offsets == [0])
    #expect(abs(1 / extent.factors[0] - 106) < 1e-9)
    // Rows of the test part may be anything.
    let other = Self.csv.replacing(",19,19,", with: ",19,-5000,")
    #expect(other != Self.csv)
    #expect(try loaded(yaml, csv: other).preprocessing == data.preprocessing)
  }

  @Test func `differences are fitted on what training windows hold, and taken back`() throws {
    let data = try loaded(
      Self.head + "inputs: {x: {column: level, relative: last, scale: min_max}}\n"
        + "targets: {y: {columns: [level, day], log1p: true, relative: last, scale: standard}}\n")
    let samples = try #require(data.splits[.train])
    // Levels grow by one a row: differences to the last are −2, −1 and 0.
    #expect(floats(samples.inputs[0])?.prefix(3) == [0, 0.5, 1])
    let target = try #require(data.preprocessing.targets.first)
    let references = try #require(samples.references["y"])
    #expect(references.count == 2 * samples.count)
    let values = try #require(floats(samples.targets[0]))
    let first = try #require(data.rows[.train]).map { $0 + 1 }
    let lines = Self.csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",") }
    for sample in 0..<samples.count {
      let row = lines[first[sample] - 1]
      let (day, level) = (try #require(Double(row[1])), try #require(Double(row[2])))
      for element in 0..<4 {
        let found = target.unscaled(
          values[sample * 4 + element], element: element,
          reference: references[sample * 2 + target.rowElement(element)])
        let step = Double(3 + element / 2)
        #expect(abs(found - ((element % 2 == 0 ? level : day) + step)) < 1e-3)
      }
    }
  }

  // MARK: Predicting

  private static let whole = """
    source: data.csv
    windows: {length: 3, horizon: 2, time: day, series: who}
    inputs:
      x: {column: level, scale: standard, missing: mean}
      kind: {type: category, over: both}
      gone: {column: level, relative: last, scale: power, missing: mean}
    targets:
      y: {column: level, relative: last, scale: standard}

    """

  @Test func `a prediction sees the last rows, with the same floats as training`() throws {
    let data = try loaded(Self.whole)
    let preprocessing = try Preprocessing(json: data.preprocessing.json)
    let (table, _) = Table.parse(
      Array(Self.csv.utf8), name: "new.csv", format: preprocessing.format)
    let (prepared, diagnostics) = preprocessing.prepare(try #require(table), needTargets: false)
    #expect(places(diagnostics) == [])
    let new = try #require(prepared)
    #expect(new.series?.column == "who")
    #expect(new.series?.names == ["a", "b"])
    #expect(new.samples.targets.isEmpty)
    // The last window of each series is one that is trained on too, for an input takes the horizon.
    let trained = try #require(data.splits[.train])
    let rows = try #require(data.rows[.train]).map { $0 + 1 }
    let same = try new.rowNumbers.map { try #require(rows.firstIndex(of: $0)) }
    for (own, other) in zip(new.samples.inputs, trained.inputs) {
      let size = other.sampleShape.count
      let values = try #require(floats(other))
      #expect(floats(own) == same.flatMap { Array(values[$0 * size..<($0 + 1) * size]) })
    }
    let references = try #require(trained.references["y"])
    #expect(new.samples.references["y"] == same.map { references[$0] })
  }

  @Test func `targets to come may be blank, and rows before the last window missing`() throws {
    let data = try loaded(Self.whole)
    let csv = "who,day,level,kind\na,1,,u\na,2,7,v\na,3,8,u\na,4,9,v\na,5,,u\na,6,,v\nb,1,4,u\n"
    let (table, _) = Table.parse(
      Array(csv.utf8), name: "new.csv", format: data.preprocessing.format)
    let (prepared, diagnostics) = data.preprocessing.prepare(
      try #require(table), needTargets: false)
    #expect(places(diagnostics) == [])
    #expect(prepared?.rowNumbers == [2])
    #expect(prepared?.samples.references["y"] == [9])
    #expect(prepared?.notes.count == 1)
    // What a prediction is told from must be there.
    let gap = csv.replacing("a,4,9,v", with: "a,4,,v")
    let (broken, _) = Table.parse(
      Array(gap.utf8), name: "new.csv", format: data.preprocessing.format)
    let (none, findings) = data.preprocessing.prepare(try #require(broken), needTargets: false)
    #expect(none == nil)
    #expect(places(findings) == ["new.csv:5:5 missing-value"])
  }

  @Test func `without a known horizon the last rows are the window`() throws {
    let data = try loaded(Self.head + "inputs: {x: level}\ntargets: {y: level}\n")
    let (table, _) = Table.parse(
      Array(Self.csv.utf8), name: "new.csv", format: data.preprocessing.format)
    let (prepared, _) = data.preprocessing.prepare(try #require(table), needTargets: false)
    #expect(floats(prepared?.samples.inputs[0]) == [17, 18, 19, 111, 112, 113])
    let (all, _) = data.preprocessing.prepare(try #require(table), needTargets: true)
    #expect(all?.samples.count == 16 + 10)
  }

  @Test func `JSON holds windows, exactly, and refuses what is wrong`() throws {
    let yaml = Self.whole.replacing("series: who", with: "series: who, gap: 5")
    let preprocessing = try loaded(yaml).preprocessing
    let text = preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == preprocessing)
    #expect(again.json.serialized() == text)
    for (whole, wrong) in [
      ("\"horizon\":2", "\"horizon\":0"), ("\"gap\":5", "\"gap\":-1"),
      ("\"windows\":{", "\"windows\":{\"extra\":1,"), ("\"window\":{", "\"window\":{\"extra\":1,"),
      ("\"relative\":\"last\"", "\"relative\":\"first\""), ("\"start\":0", "\"start\":9"),
      ("\"window\":{\"start\":0,\"count\":3,\"length\":3}", "\"indow\":1"),
      ("\"count\":3,\"length\":3", "\"count\":3,\"length\":4"),
      ("\"stride\":1", "\"stride\":1.5"), ("\"count\":5", "\"count\":4"),
    ] {
      try #require(text.contains(whole), "\(whole) in \(text)")
      let broken = text.replacing(whole, with: wrong, maxReplacements: 1)
      #expect(throws: PreprocessingError.self) {
        try Preprocessing(json: JSONValue.parse(broken))
      }
    }
  }
}
