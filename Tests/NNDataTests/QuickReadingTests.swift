// What takes many numbers at once gives what one number after the other would.
import NNModel
import NNTensor
import Testing

@testable import NNData

@Suite struct QuickReadingTests {
  @Test(arguments: [1, 3], [ResizeMethod.bilinear, .area])
  func `bytes are resized to the floats that floats are`(channels: Int, method: ResizeMethod) {
    let size = ImageSize(channels: channels, height: 19, width: 23)
    let bytes = (0..<size.count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
    var floats = [Float](repeating: 0, count: size.count)
    for (place, byte) in bytes.enumerated() {
      floats[place % channels * size.area + place / channels] = Float(byte) / 255
    }
    for (height, width, fit) in [(7, 5, ResizeFit.stretch), (31, 40, .stretch), (9, 9, .cover)] {
      var resize = Resize()
      resize.size = Pair(height, width)
      resize.method = method
      resize.fit = fit
      let count = channels * height * width
      let ofFloats = [Float](unsafeUninitializedCapacity: count) { output, initialized in
        if let output = output.baseAddress {
          floats.withUnsafeBufferPointer {
            if let from = $0.baseAddress {
              resize.apply(
                ImageView(from, size), into: output,
                Draws(RandomStream(key: 0), step: 0, sample: 0))
            }
          }
        }
        initialized = count
      }
      let ofBytes = [Float](unsafeUninitializedCapacity: count) { output, initialized in
        if let output = output.baseAddress {
          bytes.withUnsafeBufferPointer {
            if let from = $0.baseAddress { resize.apply(from, size, into: output) }
          }
        }
        initialized = count
      }
      #expect(ofBytes.map(\.bitPattern) == ofFloats.map(\.bitPattern))
    }
  }

  @Test func `a number that is none or infinite is found wherever it is`() {
    for bad in [Double.nan, -.nan, .infinity, -.infinity] {
      for place in [0, 1, 7, 30, 36] {
        var numbers = [Double](repeating: -2.5, count: 37)
        expectOrdinary(numbers, true)
        numbers[place] = bad
        expectOrdinary(numbers, false)
      }
    }
    expectOrdinary([65_504, -65_504, 0, -0.0, 5e-8], true)
    expectOrdinary([], true)
    let beyond = [1.0, 3.5e38]
    beyond.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { #expect(!areOrdinary(.float64, base, 2)) }
    }
  }

  private func expectOrdinary(_ numbers: [Double], _ wanted: Bool) {
    func expect<Bits>(_ element: ElementType, _ bits: [Bits]) {
      bits.withUnsafeBytes { bytes in
        if let base = bytes.baseAddress {
          #expect(areOrdinary(element, base, bits.count) == wanted)
        }
      }
    }
    expect(.float64, numbers)
    expect(.float32, numbers.map(Float.init))
    expect(.float16, numbers.map { Float16($0) })
    // Cut to its upper half, a number that is none may look infinite, which is found as well.
    expect(.bfloat16, numbers.map { UInt16(truncatingIfNeeded: Float($0).bitPattern >> 16) })
  }

  @Test func `cells of several blocks are what they are one by one`() {
    var text = "a,word,b\n"
    for row in 0..<20_000 {
      text += row % 977 == 5 ? "NA,,\(row)\n" : "\(row).25,w\(row % 7),\"-\(row)e-2\"\n"
    }
    let (parsed, findings) = Table.parse(Array(text.utf8), name: "t.csv", format: CSVFormat())
    #expect(findings.isEmpty)
    guard let table = parsed else { return }
    var decoding = CellDecoding(table)
    decoding.addNumbers("x", columns: [0, 2])
    decoding.addWords("w", columns: [1], classes: [])
    let features = decoding.decode()
    guard case .numbers(let numbers) = features[0].0.values,
      case .words(let codes, let distinct) = features[1].0.values
    else {
      Issue.record("other values")
      return
    }
    #expect(numbers.count == 40_000 && codes.count == 20_000)
    for row in 0..<20_000 {
      let isMissing = row % 977 == 5
      #expect(isMissing ? numbers[2 * row].isNaN : numbers[2 * row] == Double(row) + 0.25)
      #expect(numbers[2 * row + 1] == (isMissing ? Double(row) : Double("-\(row)e-2")))
      #expect(
        isMissing ? codes[row] == -1 : codes[row] >= 0 && distinct[Int(codes[row])] == "w\(row % 7)"
      )
    }
    let missing = (0..<20_000).filter { $0 % 977 == 5 }
    #expect(features[0].0.missing.map(\.row) == missing)
    #expect(features[0].0.missing.allSatisfy { $0.column == 0 })
    #expect(features[1].0.missing.map(\.row) == missing)
  }
}
