import CKernels
import Testing

extension KernelTests {
  @Suite struct InstructionSetTests {
    /// Results of everything that is dispatched, on the level in use.
    private func everything() -> [[UInt32]] {
      var all: [[UInt32]] = []
      let x = numbers(1111, scale: 20)
      for code in 0..<UInt32(NN_FN_COUNT.rawValue) {
        let function = nn_function(rawValue: code)
        all.append(bits(apply(function, x, numbers(1111, seed: 2), numbers(1111, seed: 3))))
      }
      var y = x
      nn_reduce_sum(x, &y, 1, 101, 11)
      nn_reduce_sum(x, &y[1110], 1, 1111, 1)
      all.append(bits(y))
      nn_softmax(x, &y, 11, 101)
      all.append(bits(y))
      nn_log_softmax(x, &y, 101, 11)
      all.append(bits(y))
      nn_softmax_gradient(x, numbers(1111, seed: 2), &y, 11, 101)
      all.append(bits(y))
      nn_softmax_cross_entropy(x, [Int32](repeating: 3, count: 101), &y, 101, 11)
      all.append(bits(y))
      nn_moments(x, &y, 101, 11)
      all.append(bits(y))
      let (first, source): ([Int32], [Int32]) = ([0, 3], [0, 40, 100])
      let weight: [Float] = [0.3, 0.7, -1.1]
      first.withUnsafeBufferPointer { first in
        source.withUnsafeBufferPointer { source in
          weight.withUnsafeBufferPointer { weight in
            var map = nn_axis_map(
              outer: 1, in: 101, out: 1, inner: 11, first: first.baseAddress,
              source: source.baseAddress, weight: weight.baseAddress, fill: 0)
            nn_map_axis(&map, x, &y)
          }
        }
      }
      all.append(bits(y))
      let square = nn_sum_of_squares(x, 1111).bitPattern
      all.append([UInt32(truncatingIfNeeded: square), UInt32(square >> 32)])
      return all
    }

    @Test(.enabled(if: nn_isa_best() == NN_ISA_AVX512.rawValue))
    func `avx2 and avx512 give the same bits`() {
      let avx2 = onLevel(NN_ISA_AVX2.rawValue) { everything() }
      let avx512 = onLevel(NN_ISA_AVX512.rawValue) { everything() }
      for (number, (a, b)) in zip(avx2, avx512).enumerated() {
        #expect(a == b, "result \(number)")
      }
    }

    @Test func `a level can be pinned, but not above the machine's`() {
      nn_use_isa(Int32(NN_ISA_BASELINE.rawValue))
      #expect(String(cString: nn_isa_name()) == "baseline")
      nn_use_isa(99)
      let names = ["baseline", "avx2", "avx512"]
      #expect(String(cString: nn_isa_name()) == names[Int(nn_isa_best())])
    }

    @Test func `denormals are flushed on request`() {
      let was = nn_flush_denormals(true)
      let isFlushed = nn_flush_denormals(was)
      #expect(isFlushed)
      #expect(nn_flush_denormals(was) == was)
    }
  }
}
