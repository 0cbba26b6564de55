import CKernels
import Foundation
import Testing

/// Count, mean and sum of squared deviations of each column, by the definition.
private func moments(_ x: [Float], _ channels: Int) -> [Double] {
  let rows = x.count / channels
  let means = (0..<channels).map { c in
    (0..<rows).reduce(0.0) { $0 + Double(x[$1 * channels + c]) } / Double(rows)
  }
  let deviations = (0..<channels).map { c in
    (0..<rows).reduce(0.0) { sum, r in
      let d = Double(x[r * channels + c]) - means[c]
      return sum + d * d
    }
  }
  return Array(repeating: Double(rows), count: channels) + means + deviations
}

extension KernelTests {
  @Suite struct MomentTests {
    @Test(
      arguments: [(1, 3), (2, 1), (63, 16), (64, 17), (1000, 3), (129, 100), (70_000, 4)], levels)
    func `moments keep their digits far from zero`(_ shape: (Int, Int), _ level: Int32) {
      let (rows, channels) = shape
      let x = numbers(rows * channels).enumerated().map { $1 + Float($0 % channels) * 100 }
      var out = [Float](repeating: 0, count: 3 * channels)
      onLevel(level) { nn_moments(x, &out, Int64(rows), Int64(channels)) }
      // Rounding the mean to f32 is what bounds the accuracy, not the sum.
      expectClose(out, moments(x, channels), relative: 2e-6, absolute: 1e-6)
    }

    @Test(arguments: [1, 16, 21], levels)
    func `merged moments are those of all rows`(_ channels: Int, _ level: Int32) {
      let x = numbers(50 * channels, seed: 3)
      var a = [Float](repeating: 0, count: 3 * channels)
      var b = a
      var c = a
      onLevel(level) {
        nn_moments(x, &a, 20, Int64(channels))
        nn_moments(Array(x[(20 * channels)...]), &b, 30, Int64(channels))
        nn_merge_moments(&c, a, Int64(channels))
        nn_merge_moments(&c, b, Int64(channels))
      }
      expectClose(c, moments(x, channels))
    }

    @Test func `merging two empty sets leaves zeros`() {
      var into = [Float](repeating: 0, count: 6)
      nn_merge_moments(&into, into.map { $0 }, 2)
      #expect(into == [0, 0, 0, 0, 0, 0])
    }
  }
}
