import CKernels
import NNTestSupport
import Testing

/// Numbers of all kinds, in an order of their own.
private func mixedNumbers(_ count: Int, _ random: inout some RandomNumberGenerator) -> [Float] {
  let special: [Float] = [
    0, -0, 1, -1, .nan, .infinity, -.infinity, Float(bitPattern: 70_000),
    -Float(bitPattern: 70_000), 3e38, -3e38, 0.5, 2,
  ]
  return (0..<count).map { _ in
    Bool.random(using: &random)
      ? Float.random(in: -3...3, using: &random) : special.randomElement(using: &random) ?? 0
  }
}

extension KernelTests {
  @Suite struct TileCodeTests {
    /// The support compares what the walker and the compiled loops leave in memory.
    @Test(arguments: 0..<200)
    private func `random programs have the same bits compiled`(_ seed: Int) {
      var random = SeededGenerator(seed: UInt64(seed))
      let count = [1, 15, 16, 100, 512, 700, 1600].randomElement(using: &random) ?? 1
      var program = TileCase()
      var readable = (0..<Int.random(in: 1...14, using: &random)).map { _ in
        program.array(mixedNumbers(count, &random))
      }
      var writable = readable
      readable.append(program.scalar(Float.random(in: -2...2, using: &random)))
      readable.append(program.constant(Float.random(in: -2...2, using: &random)))
      readable.append(program.broadcast(mixedNumbers(7, &random), repeats: 1))
      readable.append(program.broadcast(mixedNumbers(5, &random), repeats: 33))
      let temporaries = (0..<Int.random(in: 1...20, using: &random)).map { _ in program.temporary()
      }
      writable += temporaries
      for _ in 0..<Int.random(in: 1...60, using: &random) {
        let function = nn_function(UInt32.random(in: 0..<NN_FN_COUNT.rawValue, using: &random))
        let operands = (0..<3).map { _ in readable.randomElement(using: &random) ?? 0 }
        let result = writable.randomElement(using: &random) ?? 0
        switch function.rawValue {
        case ..<NN_FN_ADD.rawValue: program.step(function, result, operands[0])
        case ..<NN_FN_SELECT.rawValue: program.step(function, result, operands[0], operands[1])
        default: program.step(function, result, operands[0], operands[1], operands[2])
        }
        if !readable.contains(result) { readable.append(result) }
      }
      _ = program.run([0..<count])
    }

    @Test func `programs that differ in numbers alone share their code`() {
      func programmed(_ factor: Float) -> TileCase {
        var program = TileCase()
        let x = program.array([Float](repeating: 1, count: 40))
        let y = program.constant(factor)
        program.step(NN_FN_MULTIPLY, x, x, y)
        program.step(NN_FN_ADD, x, x, y)
        return program
      }
      let codes = [programmed(2), programmed(3)].map { $0.withProgram { nn_tile_compile(&$0) } }
      #expect(codes[0] == codes[1])
      #expect((codes[0] == nil) == (nn_isa_best() < Int32(NN_ISA_AVX512.rawValue)))
      for code in codes { nn_tile_code_release(code) }
    }
  }
}
