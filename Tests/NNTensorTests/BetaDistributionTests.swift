import NNTensor
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// Beta(α, α) against its moments and, where that is a formula, its distribution.
@Suite struct BetaDistributionTests {
  private func draws(_ alpha: Double, count: Int, seed: UInt64 = 3) -> [Double] {
    let beta = BetaDistribution(alpha: alpha)
    let stream = RandomStream(seed: seed, purpose: "test")
    return (0..<count).map {
      beta.draw(stream, at: UInt64($0 % 1000) << 13, step: UInt64($0 / 1000))
    }
  }

  @Test(arguments: [0.05, 0.2, 0.5, 1, 1.5, 8, 400])
  func `mean, variance and fourth moment are the distribution's`(_ alpha: Double) {
    let values = draws(alpha, count: 40_000)
    #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 })
    let count = Double(values.count)
    func moment(_ power: Int) -> Double {
      values.reduce(0) { $0 + pow($1 - 0.5, Double(power)) } / count
    }
    // Of Beta(a, a): variance 1 / (4 (2a + 1)), fourth central moment 3 / (16 (2a + 1) (2a + 3)).
    let variance = 1 / (4 * (2 * alpha + 1))
    let fourth = 3 / (16 * (2 * alpha + 1) * (2 * alpha + 3))
    // Four and a half standard errors.
    #expect(abs(moment(1)) < 4.5 * (variance / count).squareRoot())
    #expect(abs(moment(2) - variance) < 4.5 * ((fourth - variance * variance) / count).squareRoot())
    #expect(abs(moment(4) / fourth - 1) < 0.06)
  }

  /// How many of Beta(1/2, 1/2), Beta(1, 1) and Beta(2, 2) are below a number.
  private func share(below x: Double, alpha: Double) -> Double {
    switch alpha {
    case 0.5: 2 / Double.pi * asin(x.squareRoot())
    case 1: x
    default: 3 * x * x - 2 * x * x * x
    }
  }

  @Test(arguments: [0.5, 1, 2])
  func `as many are below each number as should be`(_ alpha: Double) {
    let values = draws(alpha, count: 20_000).sorted()
    let count = Double(values.count)
    let distance =
      values.enumerated().map { place, value in
        let share = share(below: value, alpha: alpha)
        return max(abs(share - Double(place) / count), abs(share - Double(place + 1) / count))
      }.max() ?? 1
    // Kolmogorov and Smirnov's statistic, passed once in ten thousand times.
    #expect(distance * count.squareRoot() < 2.23)
  }

  @Test func `a tiny alpha gives zeros and ones, never no number`() {
    let values = draws(1e-3, count: 4000)
    #expect(values.allSatisfy { $0.isFinite })
    let ones = values.filter { $0 > 0.5 }.count
    #expect((1800...2200).contains(ones))
    #expect(values.filter { $0 > 1e-9 && $0 < 1 - 1e-9 }.count < 200)
  }

  @Test func `draws differ by step, place and seed, and are the same again`() {
    let values = draws(0.7, count: 3000)
    #expect(values == draws(0.7, count: 3000))
    #expect(Set(values).count == values.count)
    #expect(Set(values).isDisjoint(with: draws(0.7, count: 3000, seed: 4)))
  }
}
