import CKernels
import Testing

extension KernelTests {
  @Suite struct BFloat16Tests {
    private func rounded(_ x: [Float]) -> [UInt16] {
      // Elements behind the end show whether more is written than should be.
      var y = [UInt16](repeating: 0xBEEF, count: x.count + 8)
      nn_round_to_bf16(x, &y, Int64(x.count))
      #expect(y.suffix(8).allSatisfy { $0 == 0xBEEF })
      return Array(y.dropLast(8))
    }

    /// The nearest of the two neighbours, by their distances.
    private func nearest(_ x: Float) -> UInt16 {
      let below = UInt16(x.bitPattern >> 16)
      if x.isNaN { return below | 0x40 }
      if x.isInfinite { return below }
      if x.magnitude < .leastNormalMagnitude { return below & 0x8000 }
      func number(_ half: UInt16) -> Double {
        // The neighbour of the largest number stands where the next power of two would.
        let isEnd = half & 0x7FFF == 0x7F80
        let size = isEnd ? 0x1p128 : Double(Float(bitPattern: UInt32(half & 0x7FFF) << 16))
        return half & 0x8000 == 0 ? size : -size
      }
      let (low, high) = (abs(Double(x) - number(below)), abs(number(below + 1) - Double(x)))
      if low == high { return below % 2 == 0 ? below : below + 1 }
      return low < high ? below : below + 1
    }

    @Test func `every number is rounded to its nearest, halves to even`() {
      var x: [Float] = []
      for upper in stride(from: UInt32(0), through: 0xFFFF, by: 1) {
        for lower: UInt32 in [0, 1, 0x7FFF, 0x8000, 0x8001, 0xFFFF] {
          x.append(Float(bitPattern: upper << 16 | lower))
        }
      }
      let expected = x.map(nearest)
      for level in levels { #expect(onLevel(level) { rounded(x) } == expected, "level \(level)") }
    }

    @Test func `any length is rounded whole`() {
      for count in 0..<50 {
        let x = numbers(count, seed: 3)
        #expect(rounded(x) == x.map(nearest))
      }
    }

    @Test func `flushing denormals changes nothing`() {
      let denormal = Float.leastNormalMagnitude / 8
      let x: [Float] = [
        denormal, -denormal, .leastNormalMagnitude, 1.5, -3e-38, .leastNonzeroMagnitude,
      ]
      let before = rounded(x)
      let was = nn_flush_denormals(true)
      defer { _ = nn_flush_denormals(was) }
      #expect(rounded(x) == before)
    }

    @Test func `what this machine has not is refused in words`() {
      var shape = nn_matmul_shape()
      (shape.batch, shape.m, shape.n, shape.k) = (1, 64, 64, 64)
      shape.operands = NN_OPERANDS_BF16
      // This module's own products know no bf16.
      #expect(nn_matmul_create_own(&shape) == nil)
      #expect(String(cString: nn_last_error()).contains("bf16"))
      let product = nn_matmul_create(&shape)
      #expect((product == nil) == (nn_bf16_name() == nil))
      nn_matmul_destroy(product)
    }
  }
}
