@testable import NNData
import NNTensor
import Testing

@Suite struct DecimalTests {
  private func short(_ text: String) -> Double {
    // What stands before a cell must not matter.
    let bytes = Array("1.2,3,4.5-67890,".utf8) + Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { shortDecimal($0 + 16, bytes.count - 16, readableBefore: 16) } ?? .nan
    }
  }

  @Test(arguments: [
    ("0", 0), ("-0", -0.0), ("7", 7), ("-12.5", -12.5), ("+3", 3), (".5", 0.5), ("5.", 5),
    ("1e3", 1000), ("1E-3", 0.001), ("2.5e+10", 2.5e10), ("0.1", 0.1),
    ("123456789012345678901234567890", 1.2345678901234568e29),
    ("0.30000000000000004", 0.30000000000000004), ("1e-400", 0),
    ("9007199254740993", 9007199254740992),
  ])
  func `a decimal is read exactly`(_ text: String, _ value: Double) {
    #expect(decimal(Array(text.utf8))?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "1,5", "1e", "e5", "0x10", "inf", "nan", "1 2", "1.2.3", "--1", "١",
  ])
  func `what is no decimal is refused`(_ text: String) {
    #expect(decimal(Array(text.utf8)) == nil)
    #expect(short(text).isNaN)
  }

  private func wide(_ text: String) -> Double {
    Array(text.utf8).withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { wideDecimal($0, buffer.count) } ?? .nan
    }
  }

  @Test(arguments: [
    ("0", 0), ("-0", -0.0), ("0.000", 0), ("+3", 3), (".5", 0.5), ("5.", 5), ("1e3", 1000),
    ("-2.5E-10", -2.5e-10), ("9007199254740993", 9007199254740992),
    ("9007199254740995", 9007199254740996), ("0.30000000000000004", 0.30000000000000004),
    ("9999999999999999999", 1e19), ("1e-27", 1e-27),
    ("1234567890123456789e27", 1234567890123456789e27),
  ])
  func `nineteen digits and an exponent are rounded once`(_ text: String, _ value: Double) {
    #expect(wide(text).bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "-", ".", "-.", "e5", "1e", "1e+", "1e12345", "1,5", "inf", "1 2", "1.2.3", "--1",
    "12345678901234567890", "1e28", "1e5x",
  ])
  func `what is no decimal of nineteen digits is left to others`(_ text: String) {
    #expect(wide(text).isNaN)
  }

  @Test func `the wide way agrees with the long one`() {
    let stream = RandomStream(seed: 2, purpose: "test")
    for index in 0..<50_000 {
      let words = stream.block(UInt64(index))
      let digits = (UInt64(words.0) << 32 | UInt64(words.1)) >> UInt64(words.3 % 60)
      var text = String(digits)
      let places = Int(words.2 % 20)
      if places < text.count { text.insert(".", at: text.index(text.endIndex, offsetBy: -places)) }
      if words.2 % 3 == 0 { text += "e\(Int((words.3 >> 8) % 60) - 30)" }
      let value = wide(text)
      if !value.isNaN { #expect(value == Double(text), "\(text)") }
    }
  }

  @Test func `every text of few characters is what the long way says, or left to it`() {
    let characters = Array("0159.-+e")
    for count in 1...5 {
      var places = [Int](repeating: 0, count: count)
      while true {
        let text = String(places.map { characters[$0] })
        let expected = decimal(Array(text.utf8))
        for value in [short(text), wide(text)] where !value.isNaN {
          #expect(value.bitPattern == expected?.bitPattern, "\(text)")
        }
        guard let next = places.lastIndex(where: { $0 + 1 < characters.count }) else { break }
        places[next] += 1
        for place in (next + 1)..<max(count, next + 1) { places[place] = 0 }
      }
    }
  }

  @Test func `the short way agrees with the long one`() {
    let stream = RandomStream(seed: 1, purpose: "test")
    for index in 0..<20_000 {
      let words = stream.block(UInt64(index))
      let digits = UInt64(words.0) << 20 ^ UInt64(words.1)
      let places = Int(words.2 % 16)
      var text = String(digits)
      if places < text.count { text.insert(".", at: text.index(text.endIndex, offsetBy: -places)) }
      if words.3 % 2 == 0 { text = "-" + text }
      let value = short(text)
      if !value.isNaN { #expect(value == Double(text), "\(text)") }
    }
  }
}
