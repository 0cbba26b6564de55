import CKernels
import Testing

extension KernelTests {
  @Suite struct PeakTests {
    @Test(arguments: levels)
    func `a burst counts as many operations as it was asked for rounds`(_ level: Int32) {
      onLevel(level) {
        let one = nn_peak_burst(NN_PEAK_F32, 1)
        // At least one vector of sixteen lanes, a multiplication and an addition each.
        #expect(one >= 32)
        #expect(nn_peak_burst(NN_PEAK_F32, 1000) == 1000 * one)
      }
    }

    @Test func `products of bf16 come in pairs where the processor has them`() {
      let one = nn_peak_burst(NN_PEAK_BF16, 1)
      #expect(one == 0 || (one >= 64 && one.truncatingRemainder(dividingBy: 64) == 0))
      #expect(nn_peak_burst(NN_PEAK_BF16, 1000) == 1000 * one)
    }
  }
}
