@testable import NNData
import NNTensor
import Testing

@Suite struct DecimalTests {
  private func short(_ text: String) -> Double {
    let bytes = Array(text.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { shortDecimal($0, bytes.count) } ?? .nan
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
