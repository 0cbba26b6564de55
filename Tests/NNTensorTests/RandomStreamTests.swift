import NNTensor
import Testing

@Suite struct RandomStreamTests {
  // Vectors of Random123 1.14, kat_vectors: philox4x32 of 10 rounds, key as one number.
  @Test(
    arguments: [
      (
        key: 0, low: 0, high: 0,
        words: [0x6627_E8D5, 0xE169_C58D, 0xBC57_AC4C, 0x9B00_DBD8]
      ),
      (
        key: .max, low: .max, high: .max,
        words: [0x408F_276D, 0x41C8_3B0E, 0xA20B_C7C6, 0x6D54_51FD]
      ),
      (
        key: 0x299F_31D0_A409_3822, low: 0x85A3_08D3_243F_6A88, high: 0x0370_7344_1319_8A2E,
        words: [0xD16C_FE09, 0x94FD_CCEB, 0x5001_E420, 0x2412_6EA1]
      ),
    ] as [(key: UInt64, low: UInt64, high: UInt64, words: [UInt32])])
  private func `blocks are those of the paper's authors`(
    _ row: (key: UInt64, low: UInt64, high: UInt64, words: [UInt32])
  ) {
    let block = RandomStream(key: row.key).block(row.low, row.high)
    #expect([block.0, block.1, block.2, block.3] == row.words)
  }

  @Test private func `streams of other seeds, purposes and names differ`() {
    let streams = [
      RandomStream(seed: 1, purpose: "initialise", name: "a"),
      RandomStream(seed: 2, purpose: "initialise", name: "a"),
      RandomStream(seed: 1, purpose: "dropout", name: "a"),
      RandomStream(seed: 1, purpose: "initialise", name: "b"),
      RandomStream(seed: 1, purpose: "initialisea", name: ""),
      RandomStream(seed: 1, purpose: "", name: "initialisea"),
      RandomStream(seed: 1, purpose: "initialise"),
    ]
    #expect(Set(streams.map(\.key)).count == streams.count)
    #expect(
      RandomStream(seed: 1, purpose: "p", name: "n").key
        == RandomStream(seed: 1, purpose: "p", name: "n").key)
  }

  @Test private func `uniform numbers are the words of their blocks`() {
    let stream = RandomStream(seed: 5, purpose: "test")
    for index in 0..<40 as Range<UInt64> {
      let block = stream.block(index / 4, 3)
      let word = [block.0, block.1, block.2, block.3][Int(index % 4)]
      #expect(stream.uniform(at: index, step: 3) == Float(word >> 8) / Float(1 << 24))
    }
  }

  @Test private func `uniform numbers spread evenly over zero to one`() {
    let stream = RandomStream(seed: 5, purpose: "test")
    let count = 100_000
    var bins = [Int](repeating: 0, count: 20)
    for index in 0..<count {
      let number = stream.uniform(at: UInt64(index))
      #expect(number >= 0 && number < 1)
      bins[Int(number * 20)] += 1
    }
    // Five standard deviations of a bin's count.
    let share = Double(count) / 20
    #expect(bins.allSatisfy { abs(Double($0) - share) < 5 * (share * 0.95).squareRoot() })
  }

  @Test private func `normal numbers have the moments of the normal distribution`() {
    let stream = RandomStream(seed: 6, purpose: "test")
    let numbers = (0..<100_000).map { stream.normal(at: UInt64($0)) }
    let count = Double(numbers.count)
    func moment(_ power: (Double) -> Double) -> Double {
      numbers.reduce(0) { $0 + power($1) } / count
    }
    // Five standard errors: those of the moments are √(1, 2, 15, 96) / √n.
    #expect(abs(moment { $0 }) < 5 / count.squareRoot())
    #expect(abs(moment { $0 * $0 } - 1) < 5 * (2 / count).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 }) < 5 * (15 / count).squareRoot())
    #expect(abs(moment { $0 * $0 * $0 * $0 } - 3) < 5 * (96 / count).squareRoot())
  }

  @Test private func `whole numbers stay below their bound and reach all below it`() {
    let stream = RandomStream(seed: 7, purpose: "test")
    var seen: Set<Int> = []
    for index in 0..<500 as Range<UInt64> {
      let number = stream.integer(below: 7, at: index)
      #expect((0..<7).contains(number))
      seen.insert(number)
    }
    #expect(seen.count == 7)
    #expect(stream.integer(below: 1, at: 9) == 0)
  }

  @Test(arguments: [0, 1, 2, 3, 100])
  private func `a permutation has each number once and changes with the step`(_ count: Int) {
    let stream = RandomStream(seed: 8, purpose: "test")
    let order = stream.permutation(of: count, step: 1)
    #expect(order.sorted() == Array(0..<count))
    #expect(order == stream.permutation(of: count, step: 1))
    #expect(count < 100 || order != stream.permutation(of: count, step: 2))
  }

  @Test private func `all permutations of three are as likely`() {
    let stream = RandomStream(seed: 9, purpose: "test")
    var counts: [[Int]: Int] = [:]
    for step in 0..<6000 as Range<UInt64> {
      counts[stream.permutation(of: 3, step: step), default: 0] += 1
    }
    #expect(counts.count == 6)
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 150 })
  }
}
