#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The power that makes a column most like a normal one; Yeo and Johnson, "A new family of power
/// transformations to improve normality or symmetry" (Biometrika, 2000).
package struct PowerCurve: Sendable, Equatable {
  package let lambda: Double

  package init(lambda: Double) { self.lambda = lambda }

  func apply(_ value: Double) -> Double {
    if value >= 0 {
      return lambda == 0 ? log1p(value) : expm1(lambda * log1p(value)) / lambda
    }
    let mirrored = 2 - lambda
    return mirrored == 0 ? -log1p(-value) : -expm1(mirrored * log1p(-value)) / mirrored
  }

  func inverse(_ value: Double) -> Double {
    value >= 0 ? PowerCurve.root(value, lambda) : -PowerCurve.root(-value, 2 - lambda)
  }

  /// The number, not below zero, whose power is a value; the curve of a negative power ends before
  /// it reaches every value, and what lies beyond is the greatest number of all.
  private static func root(_ value: Double, _ power: Double) -> Double {
    let greatest = Double(Float.greatestFiniteMagnitude)
    if power == 0 { return min(expm1(value), greatest) }
    let base = power * value
    return base > -1 ? min(expm1(log1p(base) / power), greatest) : greatest
  }

  /// The power of greatest likelihood; one where the values do not differ.
  ///
  /// - values: those of the training rows, none missing.
  static func fitted(to values: [Double]) -> PowerCurve {
    guard let first = values.first, values.contains(where: { $0 != first }) else {
      return PowerCurve(lambda: 1)
    }
    // The likelihood has one summit. It is enclosed first, then narrowed down.
    var (low, middle, high) = (-2.0, 0.0, 2.0)
    var best = loss(middle, values)
    while low > -64, loss(low, values) < best {
      (high, middle, low) = (middle, low, 2 * low)
      best = loss(middle, values)
    }
    while high < 64, loss(high, values) < best {
      (low, middle, high) = (middle, high, 2 * high)
      best = loss(middle, values)
    }
    let ratio = (5.0.squareRoot() - 1) / 2
    var left = high - ratio * (high - low)
    var right = low + ratio * (high - low)
    var (atLeft, atRight) = (loss(left, values), loss(right, values))
    // Below this width the loss is all rounding.
    while high - low > 1e-9 {
      if atLeft < atRight {
        (high, right, atRight) = (right, left, atLeft)
        left = high - ratio * (high - low)
        atLeft = loss(left, values)
      } else {
        (low, left, atLeft) = (left, right, atRight)
        right = low + ratio * (high - low)
        atRight = loss(right, values)
      }
      guard left < right else { break }
    }
    return PowerCurve(lambda: (low + high) / 2 + 0)
  }

  /// The negative logarithm of the likelihood of a power, but for constants.
  private static func loss(_ lambda: Double, _ values: [Double]) -> Double {
    let curve = PowerCurve(lambda: lambda)
    var (sum, jacobian) = (CompensatedSum(), CompensatedSum())
    let bent = values.map { value in
      let result = curve.apply(value)
      sum.add(result)
      jacobian.add(value < 0 ? -log1p(-value) : log1p(value))
      return result
    }
    let mean = sum.value / Double(values.count)
    var squares = CompensatedSum()
    for value in bent { squares.add((value - mean) * (value - mean)) }
    let variance = squares.value / Double(values.count)
    let result = Double(values.count) / 2 * log(variance) - (lambda - 1) * jacobian.value
    return result.isFinite ? result : .infinity
  }
}
