import CKernels
import Testing

private let vectors: [(UInt64, UInt64, UInt64, [UInt32])] = [
  (0, 0, 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
  (.max, .max, .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
  (
    0x299f_31d0_a409_3822, 0x85a3_08d3_243f_6a88, 0x0370_7344_1319_8a2e,
    [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
  ),
]

extension KernelTests {
  @Suite struct UniformTests {
    /// The published vectors of Philox4x32-10.
    @Test(arguments: vectors)
    func `the published numbers come out`(
      _ key: UInt64, _ low: UInt64, _ high: UInt64, _ expected: [UInt32]
    ) {
      var words = [UInt32](repeating: 0, count: 4)
      nn_philox(key, low, high, &words)
      #expect(words == expected)
    }

    @Test(arguments: [0, 1, 5, 510], levels)
    func `a uniform slot counts elements of the whole batch`(_ begin: Int, _ level: Int32) {
      var program = TileCase()
      program.rowElements = 7
      let u = program.uniform(0x1234_5678_9abc_def0)
      let y = program.array(.init(repeating: -1, count: 1600))
      program.step(NN_FN_COPY, y, u)
      // So far along that the counter's lower word overflows within the run.
      let firstRow: UInt64 = (UInt64(UInt32.max) * 4 - 800) / 7
      let after = onLevel(level) {
        program.run([begin..<1600], step: 1 << 40 | 3, firstRow: firstRow)[Int(y)] ?? []
      }
      for i in begin..<1600 {
        let element = firstRow * 7 + UInt64(i)
        var words = [UInt32](repeating: 0, count: 4)
        nn_philox(0x1234_5678_9abc_def0, element / 4, 1 << 40 | 3, &words)
        #expect(after[i] == Float(words[Int(element % 4)] >> 8) * 0x1p-24)
      }
    }

    @Test func `uniform numbers fill the unit interval evenly`() {
      var program = TileCase()
      let u = program.uniform(9)
      let y = program.array(.init(repeating: -1, count: 100_000))
      program.step(NN_FN_COPY, y, u)
      let values = program.run([0..<100_000])[Int(y)] ?? []
      #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
      let mean = values.reduce(0.0) { $0 + Double($1) } / 100_000
      #expect(abs(mean - 0.5) < 0.005)
    }
  }
}
