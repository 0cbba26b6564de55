#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The share of a standard normal distribution below a value.
func normalShare(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

/// The value that a share of a standard normal distribution lies below.
///
/// Newton's steps on the tail in question, whose logarithm is nearly a parabola; a handful reaches
/// the last digits.
///
/// - share: between 0 and 1, both excluded.
func normalQuantile(_ share: Double) -> Double {
  if share == 0.5 { return 0 }
  // Shares near one have few digits left of what is above them; nothing can bring them back.
  let tail = min(share, 1 - share)
  var value = -(-2 * log(tail)).squareRoot()
  if tail > 0.1 { value = (tail - 0.5) * (2 * Double.pi).squareRoot() }
  for _ in 0..<60 {
    let below = normalShare(value)
    let density = exp(-value * value / 2) / (2 * Double.pi).squareRoot()
    // On the logarithm: log Φ is concave, so that steps from either side come to rest.
    let step = log(below / tail) * below / density
    value -= step
    if abs(step) <= 1e-15 * max(abs(value), 1) { break }
  }
  return share < 0.5 ? value : -value
}
