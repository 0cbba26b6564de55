/// The share of the training rows below a number, evenly spread or as a normal one would be.
package struct QuantileCurve: Sendable, Equatable {
  /// The values at shares that are equally far apart, from 0 to 1; ascending, at least one.
  package let values: [Double]
  package let toNormal: Bool

  /// Shares nearer to an end than this are that far from it, or their normal value would be infinite.
  private static let edge = 1e-7

  package init(values: [Double], toNormal: Bool) {
    self.values = values
    self.toNormal = toNormal
  }

  /// - sorted: those of the training rows, ascending, at least one.
  init(fittedTo sorted: [Double], count: Int, toNormal: Bool) {
    let count = max(min(count, sorted.count), 1)
    values = (0..<count).map { index in
      // Divided last, so that what is a row's place is that place exactly.
      value(at: Double(index * (sorted.count - 1)) / Double(max(count - 1, 1)), of: sorted) + 0
    }
    self.toNormal = toNormal
  }

  private var isConstant: Bool { values.first == values.last }

  func apply(_ value: Double) -> Double {
    guard !value.isNaN else { return value }
    if isConstant { return 0 }
    let share = share(of: value)
    return toNormal ? normalQuantile(min(max(share, Self.edge), 1 - Self.edge)) : share
  }

  func inverse(_ value: Double) -> Double {
    guard !value.isNaN else { return value }
    if isConstant { return values[0] }
    let share = toNormal ? normalShare(value) : value
    if toNormal, share <= Self.edge { return values[0] }
    if toNormal, share >= 1 - Self.edge { return values[values.count - 1] }
    return quantile(min(max(share, 0), 1), of: values)
  }

  /// In the middle of all shares that have the value, where several do.
  private func share(of value: Double) -> Double {
    let last = values.count - 1
    // The ends are not in the middle of anything.
    if value <= values[0] { return 0 }
    if value >= values[last] { return 1 }
    let notBelow = firstPlace { $0 >= value }
    let above = firstPlace { $0 > value }
    if notBelow < above { return Double(notBelow + above - 1) / 2 / Double(last) }
    let (low, high) = (values[above - 1], values[above])
    return (Double(above - 1) + (value - low) / (high - low)) / Double(last)
  }

  /// The first place whose value satisfies a condition that holds from there on.
  private func firstPlace(_ holds: (Double) -> Bool) -> Int {
    var (from, to) = (0, values.count)
    while from < to {
      let middle = (from + to) / 2
      if holds(values[middle]) { to = middle } else { from = middle + 1 }
    }
    return from
  }
}
