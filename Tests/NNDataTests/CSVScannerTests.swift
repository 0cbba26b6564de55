@testable import NNData
import NNTensor
import Testing

@Suite struct CSVScannerTests {
  /// A text of the characters that mean something, and some that do not.
  private func text(_ stream: RandomStream, _ index: Int) -> [UInt8] {
    let characters = Array("a,b,1,22,\n\n,\"\"\r\n,xyzxyzxyzxyz,".utf8)
    return (0..<1 + index % 200).map { place in
      let words = stream.block(UInt64(index * 256 + place))
      return characters[Int(words.0) % characters.count]
    }
  }

  @Test func `plain records are read as byte by byte`() {
    let stream = RandomStream(seed: 3, purpose: "test")
    var plain = 0
    for index in 0..<20_000 {
      let bytes = text(stream, index)
      bytes.withUnsafeBufferPointer { memory in
        var slow = CSVScanner(memory, delimiter: UInt8(ascii: ","))
        var quick = slow
        while true {
          var expected: [UInt32] = []
          let width = 1 + index % 4
          let start = slow.index
          let record = slow.next(into: &expected, wanted: width)
          var starts = [UInt32](repeating: 0, count: width + 1)
          let isPlain = starts.withUnsafeMutableBufferPointer { starts in
            starts.baseAddress.map { quick.takePlain(width, into: $0) } ?? false
          }
          guard let record else {
            #expect(!isPlain)
            break
          }
          #expect(isPlain == (record.problem == nil && record.cellCount == width))
          if isPlain {
            plain += 1
            #expect(starts == expected)
            #expect(quick.index == slow.index)
          } else {
            #expect(quick.index == start)
            quick.index = slow.index
          }
        }
      }
    }
    #expect(plain > 10_000)
  }

  @Test func `cells of the same bytes have the same code`() {
    let words = (0..<3_000).map { "word-\($0 * 7 % 1_000)" }
    let bytes = Array(words.joined(separator: ",").utf8)
    bytes.withUnsafeBufferPointer { memory in
      guard let text = memory.baseAddress else { return }
      var codes = CellCodes()
      var known: [String: Int32] = [:]
      var start = 0
      var found = 0
      for word in words {
        let hash = CellCodes.hash(text + start, word.utf8.count)
        if let code = codes.code(of: start, word.utf8.count, hash, in: text) {
          #expect(code == known[word])
          found += 1
        } else {
          let code = known[word] ?? Int32(known.count)
          known[word] = code
          codes.add(code, for: start, word.utf8.count, hash)
        }
        start += word.utf8.count + 1
      }
      #expect(found >= 1_990)
      #expect(known.count == 1_000)
    }
  }
}
