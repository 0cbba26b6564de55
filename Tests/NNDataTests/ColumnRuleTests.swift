@testable import NNData
import NNJSON
import NNDiagnostics
import NNModel
import NNTensor
import Testing

/// What a declaration can say about missing values, rare and unknown words, orders and dates.
@Suite struct ColumnRuleTests {
  /// Loads rows of which the last half is tested on, after a round through a checkpoint.
  private func prepared(_ input: String, _ csv: String) throws -> (train: [Float], test: [Float]) {
    let yaml = """
      source: data.csv
      split: {train: 0.5, test: 0.5, shuffle: false}
      inputs: {x: \(input)}
      targets: {y: y}
      """
    let (data, diagnostics) = load(yaml, csv: csv)
    #expect(places(diagnostics) == [])
    let loaded = try #require(data)
    let text = loaded.preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == loaded.preprocessing)
    #expect(again.json.serialized() == text)
    func numbers(_ array: FeatureArray?) -> [Float] {
      floats(array) ?? indices(array)?.map(Float.init) ?? []
    }
    let parts = (
      numbers(loaded.splits[.train]?.inputs[0]), numbers(loaded.splits[.test]?.inputs[0])
    )
    let (table, _) = Table.parse(Array(csv.utf8), name: "new.csv", format: again.format)
    let (new, problems) = again.prepare(try #require(table), needTargets: false)
    #expect(places(problems) == [])
    #expect(numbers(new?.samples.inputs[0]) == parts.0 + parts.1)
    return parts
  }

  @Test func `the mode is the most frequent number or word, of several the smallest`() throws {
    let numbers = try prepared("{missing: mode}", "x,y\n7,1\n3,1\n3,1\n7,1\n,1\n9,1\n9,1\n9,1\n")
    #expect(numbers.test == [3, 9, 9, 9])
    let words = try prepared(
      "{type: category, encode: index, missing: mode}", "x,y\nb,1\na,1\nb,1\n,1\na,1\n?,1\n")
    #expect(words.train == [1, 0, 1])
    #expect(words.test == [1, 0, 1])
  }

  @Test func `an indicator tells which values were filled in`() throws {
    let both = try prepared(
      "{columns: [x, z], missing: mean, indicator: true, scale: {factor: 2}}",
      "x,z,y\n1,,1\n3,5,1\n,5,1\n,,1\n")
    #expect(both.train == [2, 10, 0, 1, 6, 10, 0, 0])
    #expect(both.test == [4, 10, 1, 0, 4, 10, 1, 1])
  }

  @Test func `rare words are one class, unknown ones another`() throws {
    let csv = "x,y\na,1\na,1\nb,1\nc,1\nc,1\nb,1\nd,1\na,1\nc,1\ne,1\n"
    // Training has a twice, b once, c twice.
    let both = try prepared("{type: category, encode: index, rare: 2, unknown: true}", csv)
    #expect(both.train == [0, 0, 2, 1, 1])
    #expect(both.test == [2, 3, 0, 1, 3])
    let hot = try prepared("{type: category, unknown: true}", csv)
    #expect(hot.train.count == 20)
    #expect(Array(hot.test[4..<8]) == [0, 0, 0, 1])
  }

  @Test func `an unknown word stays an error where only rare ones are one class`() {
    let (data, diagnostics) = load(
      """
      source: data.csv
      split: {train: 0.5, test: 0.5, shuffle: false}
      inputs: {x: {type: category, rare: 2}}
      targets: {y: y}
      """, csv: "x,y\na,1\na,1\nb,1\na,1\nb,1\nd,1\n")
    #expect(data == nil)
    #expect(places(diagnostics) == ["data.csv:7:1 class-not-in-training"])
  }

  @Test func `a word that only looks like a bucket is none`() {
    let (_, diagnostics) = load(
      """
      source: data.csv
      split: {train: 0.5, test: 0.5, shuffle: false}
      inputs: {x: {type: category, encode: index}}
      targets: {y: y}
      """, csv: "x,y\n<unknown>,1\n<rare>,1\nb,1\na,1\n<rare>,1\n<unknown>,1\n")
    #expect(places(diagnostics) == ["data.csv:5:1 class-not-in-training"])
  }

  @Test func `an ordinal is the place of its class, from 0 to 1`() throws {
    let found = try prepared(
      "{type: ordinal, classes: [low, mid, high], missing: {constant: mid}}",
      "x,y\nlow,1\nhigh,1\nmid,1\n,1\n")
    #expect(found.train == [0, 1])
    #expect(found.test == [0.5, 0.5])
  }

  @Test func `what is fitted comes from the training rows alone`() throws {
    func json(_ last: String) throws -> String {
      let (data, _) = load(
        """
        source: data.csv
        split: {train: 0.75, test: 0.25, shuffle: false}
        inputs:
          x: {type: category, rare: 2, unknown: true, missing: mode}
          n: {missing: mode, indicator: true}
          d: {type: date, missing: mean, scale: standard}
        targets: {y: y}
        """, csv: "x,n,d,y\na,1,2020-01-01,1\nb,2,,1\nb,2,2020-03-01,1\n\(last)\n")
      return try #require(data).preprocessing.json.serialized()
    }
    #expect(try json("a,1,2021-01-01,1") == json("z,77,1999-12-31,1"))
  }

  @Test func `a date gives its parts`() throws {
    let found = try prepared(
      "{type: date, parts: [year, month, day, weekday, yearday, hour, minute, second, days]}",
      "x,y\n2024-02-29,1\n1969-12-31T23:59:58.5Z,1\n2000-01-01 00:00:00+02:00,1\n2023-12-31,1\n")
    #expect(
      found.train == [
        2024, 2, 29, 3, 60, 0, 0, 0, 19782,
        1969, 12, 31, 2, 365, 23, 59, 58.5, Float(-1.5 / 86400),
      ])
    #expect(
      found.test == [
        2000, 1, 1, 5, 1, 0, 0, 0, Float(10957 - 2.0 / 24),
        2023, 12, 31, 6, 365, 0, 0, 0, 19722,
      ])
  }

  @Test func `cyclic parts are points on a circle`() throws {
    let found = try prepared(
      "{type: date, format: '%d. %b %Y', parts: [month, weekday, year], cyclic: true}",
      "x,y\n1. Jan 2024,1\n01. apr 2024,1\n")
    for (value, expected) in zip(found.train, [0, 1, 0, 1, 2024] as [Float]) {
      #expect(abs(value - expected) < 1e-6)
    }
    #expect(abs(found.test[0] - 1) < 1e-6)
    #expect(abs(found.test[1]) < 1e-6)
    #expect(found.test.count == 5)
  }

  @Test(arguments: [
    "2023-02-29", "2024-13-01", "2024-1-1", "2024-01-01T", "2024-01-01 24:00", "2024-01-01x",
    "2024-01-01 10:00:00.", "99-01-01", "-2024-01-01", "2024-01-01 10:00+1",
    "2024-01-01 99999999999999999999",
  ])
  func `what is no date is refused`(_ text: String) {
    #expect(DateFormat.iso.read(Array(text.utf8)) == nil)
  }

  @Test(arguments: ["%d.%m.%Y", "%H:%M:%S", "100%% %b", "iso", "%Y%m%dT%H"])
  func `a format is written as it was read`(_ text: String) {
    #expect(DateFormat(text)?.text == text)
  }

  @Test(arguments: ["", "%", "%q", "no directive", "%%"])
  func `a format without a directive is none`(_ text: String) { #expect(DateFormat(text) == nil) }

  @Test func `every day of four centuries follows the one before`() {
    var (date, days) = (CalendarDate(), 0)
    (date.year, date.month, date.day) = (1800, 1, 1)
    var last = date.days - 1
    while date.year < 2201 {
      #expect(date.days == last + 1)
      #expect(date.isValid)
      last = date.days
      days += 1
      date.day += 1
      if !date.isValid { (date.month, date.day) = (date.month + 1, 1) }
      if !date.isValid { (date.year, date.month) = (date.year + 1, 1) }
    }
    #expect(days == 146_097 + 365)
  }
}
