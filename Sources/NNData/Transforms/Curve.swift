/// How the numbers of one column are bent before they are moved and stretched.
package enum Curve: Sendable, Equatable {
  case power(PowerCurve)
  case quantiles(QuantileCurve)

  func apply(_ value: Double) -> Double {
    switch self {
    case .power(let curve): curve.apply(value)
    case .quantiles(let curve): curve.apply(value)
    }
  }

  /// The number that becomes this one; where none does, the nearest that a float holds.
  func inverse(_ value: Double) -> Double {
    switch self {
    case .power(let curve): curve.inverse(value)
    case .quantiles(let curve): curve.inverse(value)
    }
  }
}
