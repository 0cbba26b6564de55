@testable import NNData
import NNDiagnostics
import NNJSON
import NNTensor
import Testing

/// Random tables come back as they were written.
@Suite struct RandomRecordTests {
  /// Numbers, words and pairs, nil where missing.
  private struct Records {
    var numbers: [Double?] = []
    var words: [String?] = []
    var pairs: [[Double]?] = []
  }

  private func records(_ stream: RandomStream) -> Records {
    let alphabet: [Character] = [
      "a", "B", "é", "日", "😀", " ", ",", "'", "\"", "\\", "{", "}", "%", "#", "?", "@", "\t", "1",
    ]
    var index: UInt64 = 0
    func below(_ bound: Int) -> Int {
      index += 1
      return stream.integer(below: bound, at: index)
    }
    func number() -> Double {
      let magnitude = [1, 1e-9, 1e15, 1e30][below(4)]
      let value = (Double(below(2_000_001)) - 1_000_000) * magnitude / 3
      return below(3) == 0 ? value.rounded() : value
    }
    var result = Records()
    for _ in 0..<1 + below(30) {
      result.numbers.append(below(5) == 0 ? nil : number())
      let word = String((0..<below(6)).map { _ in alphabet[below(alphabet.count)] })
      result.words.append(below(5) == 0 ? nil : word)
      result.pairs.append(below(5) == 0 ? nil : [number(), number()])
    }
    return result
  }

  private func expect(
    _ records: Records, _ table: Table?, _ text: String
  ) throws {
    let columns = try #require(table?.typed?.columns, "\(text)")
    for column in columns {
      switch (column.name, column.values) {
      case ("n", .numbers(let values)):
        #expect(values.map { $0.isNaN ? nil : $0 } == records.numbers, "\(text)")
      case ("w", .words(let codes, let distinct)):
        #expect(codes.map { $0 < 0 ? nil : distinct[Int($0)] } == records.words, "\(text)")
      case ("p", .tensors(let tensors)):
        let rows = try records.pairs.indices.map { try doublesOfRow(tensors, $0) }
        #expect(rows.map { $0[0].isNaN ? nil : $0 } == records.pairs, "\(text)")
      case (_, .numbers(let values)):
        // A column in which everything is missing.
        #expect(values.allSatisfy { $0.isNaN }, "\(text)")
      default: Issue.record("\(column.name) is of another kind: \(text)")
      }
    }
  }

  @Test func `JSON Lines hold what was written, in any order of keys`() throws {
    for seed in 0..<200 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "records")
      let records = records(stream)
      var text = ""
      for row in records.numbers.indices {
        var members: [JSONValue.Member] = []
        if let number = records.numbers[row] {
          members.append(
            .init(
              "n",
              number == number.rounded() && abs(number) < 1e15
                ? .integer(Int64(number)) : .number(number)))
        }
        if let word = records.words[row] { members.append(.init("w", .string(word))) }
        if let pair = records.pairs[row] {
          members.append(.init("p", .array(pair.map { .number($0) })))
        } else if row % 2 == 0 {
          members.append(.init("p", .null))
        }
        let turn = stream.integer(below: 3, at: UInt64(row), step: 7)
        if members.count > turn { members = Array(members[turn...] + members[..<turn]) }
        text += JSONValue.object(members).serialized() + (seed % 2 == 0 ? "\n" : "\r\n\r\n")
      }
      let (table, diagnostics) = JSONLinesFormat().parse(
        FileBytes(Array(text.utf8)), name: "x")
      // Rows without any key at all make no table.
      if diagnostics.map(\.code) == ["no-rows"] { continue }
      #expect(places(diagnostics) == [], "\(text)")
      try expect(records, table, text)
    }
  }

  @Test func `ARFF holds what was written`() throws {
    for seed in 0..<200 {
      let records = records(RandomStream(seed: UInt64(seed), purpose: "records"))
      var text = "@relation r\n@attribute n real\n@attribute w string\n@data\n"
      for row in records.numbers.indices {
        let word = records.words[row].map { word in
          "'" + word.flatMap { $0 == "'" || $0 == "\\" ? ["\\", $0] : [$0] } + "'"
        }
        text += "\(records.numbers[row].map { "\($0)" } ?? "?"),\(word ?? "?")\n"
      }
      let (table, diagnostics) = ARFFFormat().parse(FileBytes(Array(text.utf8)), name: "x")
      #expect(places(diagnostics) == [], "\(text)")
      try expect(records, table, text)
    }
  }
}
