#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Beta(α, α) by two numbers of a gamma distribution, exact for every α above zero.
///
/// Gamma(α) is Marsaglia and Tsang's, "A Simple Method for Generating Gamma Variables" (2000); for α
/// below one from that of α + 1 and a power of a uniform number. All in logarithms, so that what
/// a small α makes of the two, numbers far below the smallest a double holds, still has a ratio.
package struct BetaDistribution: Sendable, Equatable {
  package let alpha: Double

  /// - alpha: above zero.
  package init(alpha: Double) { self.alpha = alpha }

  /// Counters of a stream that a draw may take.
  package static let counters: UInt64 = 1 << 12

  /// A number from 0 to 1, a function of the stream, the counter and the step alone.
  ///
  /// - first: the first of ``counters`` that are its own.
  package func draw(_ stream: RandomStream, at first: UInt64, step: UInt64) -> Double {
    let half = BetaDistribution.counters / 2
    let left = logarithmOfGamma(stream, at: first, step)
    let right = logarithmOfGamma(stream, at: first + half, step)
    return 1 / (1 + exp(right - left))
  }

  private func logarithmOfGamma(
    _ stream: RandomStream, at first: UInt64, _ step: UInt64
  ) -> Double {
    let isSmall = alpha < 1
    let d = (isSmall ? alpha + 1 : alpha) - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    // The first counter is the power's; a try takes two, and one in twenty fails at most.
    let power = isSmall ? log(stream.openUniform(at: first, step: step)) / alpha : 0
    for attempt in 0..<(BetaDistribution.counters / 4 - 1) {
      let counter = first + 1 + 2 * attempt
      let x = stream.normal(at: counter, step: step)
      let root = 1 + c * x
      guard root > 0 else { continue }
      let v = root * root * root
      let u = stream.openUniform(at: counter + 1, step: step)
      if log(u) < 0.5 * x * x + d - d * v + d * log(v) { return log(d * v) + power }
    }
    // No stream of this length refuses a thousand times; its middle stands for the number.
    return log(d) + power
  }
}

extension RandomStream {
  /// A number in (0, 1) with 53 random bits, from one block a number.
  package func openUniform(at index: UInt64, step: UInt64 = 0) -> Double {
    let words = block(index, step)
    return Double((UInt64(words.0) << 21) ^ UInt64(words.1 >> 11)) * 0x1p-53 + 0x1p-54
  }
}
