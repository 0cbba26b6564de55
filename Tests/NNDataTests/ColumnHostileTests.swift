@testable import NNData
import NNJSON
import NNModel
import NNTensor
import Testing

/// Nothing that a checkpoint or a cell may hold brings the reading of it down.
@Suite struct ColumnHostileTests {
  @Test func `a member that is null, or one too many, is refused`() throws {
    let (data, _) = load(
      """
      source: data.csv
      inputs:
        n: {missing: mode, indicator: true, log1p: true, clip: [0, 9], scale: power}
        q: {column: n, missing: mean, scale: {quantile: {quantiles: 3, output: normal}}}
        x: {type: category, rare: 2, unknown: true}
        o: {column: x, type: ordinal, classes: [a, b, c]}
        d: {type: date, format: '%d.%m.%Y', cyclic: true}
      targets: {y: {log1p: true, scale: robust}}
      """, csv: "n,x,d,y\n1,a,1.2.2024,1\n,b,3.4.2025,2\n7,b,5.6.2023,4\n")
    let json = try #require(data).preprocessing.json
    var count = 0
    func visit(_ value: JSONValue, _ rebuild: (JSONValue) -> JSONValue) {
      func refuse(_ changed: JSONValue) {
        count += 1
        #expect(throws: PreprocessingError.self) { try Preprocessing(json: rebuild(changed)) }
      }
      refuse(nil)
      switch value {
      case .object(let members):
        refuse(.object(members + [.init("extra", 1)]))
        for (index, member) in members.enumerated() {
          visit(member.value) { changed in
            var other = members
            other[index].value = changed
            return rebuild(.object(other))
          }
        }
      case .array(let elements):
        for (index, element) in elements.enumerated() {
          visit(element) { changed in
            var other = elements
            other[index] = changed
            return rebuild(.array(other))
          }
        }
      default: break
      }
    }
    visit(json) { $0 }
    #expect(count > 100)
  }

  @Test(arguments: ["iso", "%d.%m.%Y", "%Y%m%d %H:%M:%S", "%b %d %Y"])
  func `damaged dates are dates or none`(_ text: String) throws {
    let format = try #require(DateFormat(text))
    let starts = [
      "2024-12-31T23:59:59.25+02:00", "31.12.2024", "20241231 23:59:60", "Dec 31 2024",
    ].map { Array($0.utf8) }
    for round in 0..<400 {
      let stream = RandomStream(seed: UInt64(round), purpose: "test", name: text)
      let order = stream.permutation(of: 256)
      let draws = stride(from: 0, to: 12, by: 4).map { Array(order[$0..<$0 + 4]) }
      var bytes = starts[round % starts.count]
      for draw in draws.prefix(1 + round % 3) {
        bytes[draw[0] % bytes.count] = UInt8(draw[1] % 256)
        if draw[2] < 20 { bytes.removeLast(draw[3] % bytes.count) }
      }
      guard let date = format.read(bytes) else { continue }
      #expect(date.isValid)
      #expect(date.seconds.isFinite)
      #expect((0..<7).contains(date.weekday))
    }
  }
}
