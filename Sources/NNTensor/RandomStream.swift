#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Counter-based random numbers: a stream is a function of seed, purpose and name, and each of
/// its numbers a function of the counter alone, so that nothing depends on who asks first.
///
/// Philox4x32-10 of Salmon et al., "Parallel Random Numbers: As Easy as 1, 2, 3" (SC 2011).
package struct RandomStream: Sendable {
  /// The Philox key.
  package let key: UInt64

  /// The stream of a key made before.
  package init(key: UInt64) { self.key = key }

  /// - purpose: what the numbers are for, such as `initialise` or `dropout`.
  /// - name: whose they are, such as `dense_1.weight`.
  package init(seed: UInt64, purpose: String, name: String = "") {
    var hash = mix(seed &+ 0x9E37_79B9_7F4A_7C15)
    for text in [purpose, name] {
      // Each is hashed and mixed by itself, so that ("ab", "c") and ("a", "bc") differ.
      hash = mix(hash ^ FNV1a.hash(text))
    }
    key = hash
  }

  /// Four random words at a counter.
  package func block(_ low: UInt64, _ high: UInt64 = 0) -> (UInt32, UInt32, UInt32, UInt32) {
    var c0 = UInt32(truncatingIfNeeded: low)
    var c1 = UInt32(truncatingIfNeeded: low >> 32)
    var c2 = UInt32(truncatingIfNeeded: high)
    var c3 = UInt32(truncatingIfNeeded: high >> 32)
    var k0 = UInt32(truncatingIfNeeded: key)
    var k1 = UInt32(truncatingIfNeeded: key >> 32)
    for _ in 0..<10 {
      let p0 = UInt64(c0) &* 0xD251_1F53
      let p1 = UInt64(c2) &* 0xCD9E_8D57
      c0 = UInt32(truncatingIfNeeded: p1 >> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: p1)
      c2 = UInt32(truncatingIfNeeded: p0 >> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: p0)
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c0, c1, c2, c3)
  }

  /// A uniform number in [0, 1) with 24 random bits, as the kernels draw it.
  package func uniform(at index: UInt64, step: UInt64 = 0) -> Float {
    let words = block(index / 4, step)
    let word =
      switch index % 4 {
      case 0: words.0
      case 1: words.1
      case 2: words.2
      default: words.3
      }
    return Float(word >> 8) * 0x1p-24
  }

  /// A standard normal number by Box and Muller's transform, from one block a number.
  package func normal(at index: UInt64, step: UInt64 = 0) -> Double {
    let words = block(index, step)
    // 53 random bits each; the first is kept away from zero because of the logarithm.
    let u = Double((UInt64(words.0) << 21) ^ UInt64(words.1 >> 11)) * 0x1p-53 + 0x1p-54
    let v = Double((UInt64(words.2) << 21) ^ UInt64(words.3 >> 11)) * 0x1p-53
    return (-2 * log(u)).squareRoot() * cos(2 * .pi * v)
  }

  /// A whole number below `bound`, without modulo bias worth naming (64 random bits).
  package func integer(below bound: Int, at index: UInt64, step: UInt64 = 0) -> Int {
    let words = block(index, step)
    let word = UInt64(words.0) << 32 | UInt64(words.1)
    return Int(word.multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// The numbers 0 ..< count in a random order (Fisher and Yates), a function of the step.
  package func permutation(of count: Int, step: UInt64 = 0) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, integer(below: last + 1, at: UInt64(last), step: step))
    }
    return order
  }
}

/// The finaliser of SplitMix64 (Steele, Lea and Flood, 2014): every bit depends on every bit.
private func mix(_ value: UInt64) -> UInt64 {
  var z = value
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return z ^ (z >> 31)
}
