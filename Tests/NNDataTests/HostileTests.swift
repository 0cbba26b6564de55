@testable import NNData
import NNDiagnostics
import NNTensor
import Testing

/// Files that want to crash a reader: each must give a table or diagnostics.
@Suite struct HostileTests {
  private func parse(_ bytes: [UInt8]) -> (Table?, [Diagnostic]) {
    Table.parse(bytes, name: "x.csv", format: CSVFormat())
  }

  @Test func `a line of very many columns is a table like any other`() {
    let header = Array((0..<100_000).map { "c\($0)" }.joined(separator: ",").utf8)
    let (none, diagnostics) = parse(header + Array("\n1,2\n3\n".utf8))
    #expect(none == nil)
    #expect(
      places(diagnostics).map { $0.split(separator: " ")[1] } == ["uneven-row", "uneven-row"])
    let commas = [UInt8](repeating: UInt8(ascii: ","), count: 1_000_000)
    #expect(parse(commas).1.count == 21)
    #expect(parse(Array("a\n".utf8) + commas).1.map(\.code) == ["uneven-row"])
  }

  @Test func `a huge quoted cell is read whole, an unclosed one told`() {
    let text = [UInt8](repeating: UInt8(ascii: "x"), count: 4 << 20)
    let quote = UInt8(ascii: "\"")
    let start = Array("a,b\n1,".utf8) + [quote]
    let (table, _) = parse(start + text + [quote])
    #expect(table?.content(row: 0, column: 1).count == text.count)
    #expect(places(parse(start + text).1) == ["x.csv:2:3 unclosed-quote"])
  }

  @Test func `a long bad cell is shortened in the message`() {
    let cell = String(repeating: "é", count: 100_000)
    let (_, diagnostics) = load(
      "source: data.csv\ninputs: {x: a}\ntargets: {y: b}\n", csv: "a,b\n\(cell),1\n")
    #expect(diagnostics.count == 1)
    #expect(diagnostics.allSatisfy { $0.message.count < 120 })
  }

  @Test func `random bytes never crash`() {
    let alphabet = Array("\",\n\r\n;1.-e \u{0}é\"".utf8) + [0xFF, 0xC3, 0x00]
    for seed in 0..<300 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "fuzz")
      let count = stream.integer(below: 60, at: 1_000_000)
      var bytes = (0..<count).map {
        alphabet[stream.integer(below: alphabet.count, at: UInt64($0))]
      }
      if seed % 2 == 0 { bytes = Array("a,b\n".utf8) + bytes }
      let (table, diagnostics) = parse(bytes)
      #expect((table == nil) == !diagnostics.isEmpty)
      if let table {
        for row in 0..<table.rowCount {
          for column in table.columnNames.indices {
            _ = table.content(row: row, column: column)
            _ = table.range(row: row, column: column)
          }
        }
      }
    }
  }

  @Test func `random text without zero bytes is split as a slow reader splits it`() {
    let alphabet = Array("\"\",,\n\nab\r".utf8)
    var compared = 0
    for seed in 0..<2000 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "oracle")
      let count = stream.integer(below: 30, at: 1_000_000)
      let body = (0..<count).map { alphabet[stream.integer(below: alphabet.count, at: UInt64($0))] }
      let (table, _) = parse(Array("x,y\n".utf8) + body)
      guard let table, let expected = slowRecords(body) else { continue }
      compared += 1
      let rows = (0..<table.rowCount).map { row in
        [0, 1].map { table.content(row: row, column: $0) }
      }
      #expect(rows == expected, "\(String(decoding: body, as: UTF8.self).debugDescription)")
    }
    #expect(compared > 10)
  }

  /// RFC 4180 byte by byte; nil where it does not say.
  private func slowRecords(_ text: [UInt8]) -> [[[UInt8]]]? {
    var records: [[[UInt8]]] = []
    var record: [[UInt8]] = []
    var cell: [UInt8] = []
    var isQuoted = false
    var wasQuoted = false
    var rest = text[...]
    func endsLine(_ rest: ArraySlice<UInt8>) -> Bool {
      rest.isEmpty || rest.first == 0x0A || rest.starts(with: [0x0D, 0x0A]) || rest == [0x0D]
    }
    while true {
      if isQuoted {
        guard let byte = rest.popFirst() else { return nil }
        if byte == 0x22, rest.first == 0x22 {
          rest.removeFirst()
          cell.append(0x22)
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          cell.append(byte)
        }
      } else if rest.first == 0x2C {
        rest.removeFirst()
        record.append(cell)
        (cell, wasQuoted) = ([], false)
      } else if endsLine(rest) {
        if rest.first == 0x0D { rest.removeFirst() }
        let isEnd = rest.popFirst() == nil
        if !(isEnd && record.isEmpty && cell.isEmpty && !wasQuoted) {
          records.append(record + [cell])
        }
        (record, cell, wasQuoted) = ([], [], false)
        if isEnd { break }
      } else if rest.first == 0x22, cell.isEmpty, !wasQuoted {
        rest.removeFirst()
        (isQuoted, wasQuoted) = (true, true)
      } else if let byte = rest.popFirst() {
        cell.append(byte)
      }
    }
    while records.last == [[]] { records.removeLast() }
    return records
  }
}
