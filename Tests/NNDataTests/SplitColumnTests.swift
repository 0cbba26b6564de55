@testable import NNData
import NNDiagnostics
import NNModel
import Testing

/// Splits that go by a column: by groups, in time, as it says, and in folds.
@Suite struct SplitColumnTests {
  /// 60 rows of 12 groups and two classes.
  private let csv =
    "who,kind,at,part,x,y\n"
    + (0..<60).map { row in
      let part = ["train", "train", "validation", "test"][row % 4]
      let day = (row * 7) % 28 + 1
      return "p\(row % 12),\(row % 3 == 0 ? "a" : "b"),"
        + "2024-0\(row % 9 + 1)-\(day < 10 ? "0" : "")\(day),\(part),\(row),1\n"
    }.joined()

  private func split(_ split: String, seed: UInt64 = 7) throws -> [SplitName: [Int]] {
    let (data, diagnostics) = load(
      "source: data.csv\nsplit: {\(split)}\ninputs: {x: x}\ntargets: {y: y}\n", csv: csv, seed: seed
    )
    #expect(places(diagnostics) == [])
    let numbers = try #require(data).rowNumbers
    return numbers.mapValues { $0.map { $0 - 1 } }
  }

  private func checkWhole(_ parts: [SplitName: [Int]]) {
    #expect(parts.values.flatMap { $0 }.sorted() == Array(0..<60))
    for rows in parts.values { #expect(rows == rows.sorted()) }
  }

  private func groups(_ rows: [Int]?) -> Set<Int> { Set((rows ?? []).map { $0 % 12 }) }

  @Test(arguments: ["", ", stratify: kind"])
  func `rows of a group are in one part`(_ more: String) throws {
    let parts = try split("train: 0.6, validation: 0.2, test: 0.2, group: who" + more)
    checkWhole(parts)
    #expect(groups(parts[.train]).isDisjoint(with: groups(parts[.validation])))
    #expect(groups(parts[.train]).isDisjoint(with: groups(parts[.test])))
    #expect(groups(parts[.validation]).isDisjoint(with: groups(parts[.test])))
    #expect(
      try split("train: 0.6, validation: 0.2, test: 0.2, group: who" + more) == parts)
  }

  @Test func `groups come near to the shares, of each class`() {
    let groups = (0..<100).map { index in
      let rows = Array(index * 10..<index * 10 + 10)
      return RowGroup(name: "\(index)", rows: rows, counts: index % 4 == 0 ? [10, 0] : [0, 10])
    }
    let splitting = Splitting(shares: [0.6, 0.2, 0.2], seed: 3, shuffles: true)
    let parts = splitting.divide(grouped: groups)
    #expect(parts.map(\.count) == [600, 200, 200])
    #expect(parts.map { part in part.count { $0 / 10 % 4 == 0 } } == [150, 50, 50])
    let other = Splitting(shares: [0.6, 0.2, 0.2], seed: 4, shuffles: true)
    #expect(other.divide(grouped: groups) != parts)
  }

  @Test func `in time, later parts have later rows`() throws {
    let parts = try split("train: 0.5, validation: 0.25, test: 0.25, time: at")
    checkWhole(parts)
    let lines = csv.split(separator: "\n").dropFirst().map { $0.split(separator: ",")[2] }
    func times(_ name: SplitName) -> [Substring] { (parts[name] ?? []).map { lines[$0] } }
    #expect(parts.mapValues(\.count) == [.train: 30, .validation: 15, .test: 15])
    #expect(try #require(times(.train).max()) <= #require(times(.validation).min()))
    #expect(try #require(times(.validation).max()) <= #require(times(.test).min()))
    // Nothing is drawn.
    #expect(try split("train: 0.5, validation: 0.25, test: 0.25, time: at", seed: 8) == parts)
  }

  @Test func `a column says what each row is for`() throws {
    let parts = try split("by: part")
    checkWhole(parts)
    #expect(parts[.test] == Array(stride(from: 3, to: 60, by: 4)))
    #expect(parts[.validation] == Array(stride(from: 2, to: 60, by: 4)))
  }

  @Test(arguments: ["", ", stratify: kind", ", group: who", ", group: who, stratify: kind"])
  func `each row to train on validates once`(_ more: String) throws {
    let whole = try split("train: 0.8, test: 0.2, folds: 4" + more)
    var validated: [Int] = []
    for fold in 1...4 {
      let parts = try split("train: 0.8, test: 0.2, folds: 4, fold: \(fold)" + more)
      checkWhole(parts)
      #expect(parts[.test] == whole[.test])
      if more.contains("group") {
        #expect(groups(parts[.train]).isDisjoint(with: groups(parts[.validation])))
      } else {
        #expect(parts[.validation]?.count == 12)
      }
      validated += parts[.validation] ?? []
    }
    #expect(validated.sorted() == whole[.train])
  }

  @Test func `folds are of the rows that a column says are trained on`() throws {
    let parts = try split("by: part, folds: 3, fold: 2")
    checkWhole(parts)
    #expect(parts[.train]?.count == 20)
    #expect(parts[.validation]?.count == 25)
  }

  @Test func `cells without a part and with an unknown one are told together`() {
    let (data, diagnostics) = load(
      "source: data.csv\nsplit: {by: part}\ninputs: {x: x}\ntargets: {y: y}\n",
      csv: "part,x,y\ntrain,1,2\n,2,3\ntrian,3,4\nvalidation,4,5\n,5,6\n")
    #expect(data == nil)
    #expect(
      places(diagnostics) == [
        "data.csv:3:1 missing-value", "data.csv:4:1 unknown-part", "data.csv:6:1 missing-value",
      ])
  }

  @Test(
    arguments: [
      ("by: part, train: 0.8", ["conflicting-fields"]),
      ("by: part, seed: 3", ["conflicting-fields"]),
      ("train: 0.8, test: 0.2, time: at, group: who", ["conflicting-fields"]),
      ("train: 0.8, validation: 0.2, folds: 3", ["conflicting-fields"]),
      ("train: 1, fold: 3", ["conflicting-fields"]),
      ("train: 1, folds: 3, fold: 4", ["out-of-range"]),
      ("train: 1, folds: 61, fold: 4", ["empty-split"]),
      ("train: 1, group: whom", ["unknown-column"]),
      ("by: kind", Array(repeating: "unknown-part", count: 5)),
      ("train: 0.5, test: 0.5, time: who", Array(repeating: "bad-date", count: 5)),
      ("validation: 1", ["missing-field"]),
      ("train: 0.9, validation: 0.05, test: 0.05, group: kind", ["empty-split"]),
    ] as [(String, [String])])
  func `what cannot be is found`(_ split: String, _ codes: [String]) {
    let (data, diagnostics) = load(
      "source: data.csv\nsplit: {\(split)}\ninputs: {x: x}\ntargets: {y: y}\n", csv: csv)
    #expect(data == nil)
    #expect(
      diagnostics.filter { $0.code != "too-many-problems" && $0.code != "more-problems" }.map(
        \.code) == codes)
  }
}
