/// Which values an operand takes in a test: where a function is defined, and away from its kinks.
package enum Domain: Sendable {
  case range(ClosedRange<Double>)
  /// Of either sign, with an absolute value in the range.
  case eitherSign(ClosedRange<Double>)
  /// No two alike, and neighbours a fiftieth apart, all moved by an offset: for maxima.
  case distinct(offset: Double)
  /// Whole numbers from zero, below a bound.
  case indices(below: Int)
  /// Zeros and ones.
  case flags
  case listed([Double])

  package static let plain = Domain.range(-1...1)

  package func values(_ count: Int, _ generator: inout SeededGenerator) -> [Double] {
    switch self {
    case .range(let range): return (0..<count).map { _ in generator.number(in: range) }
    case .eitherSign(let range):
      return (0..<count).map { _ in
        generator.number(in: range) * (Bool.random(using: &generator) ? 1 : -1)
      }
    case .distinct(let offset):
      let places = Array(0..<count).shuffled(using: &generator)
      return places.map { Double(Float(0.02 * Double($0 - count / 2) + 0.005 + offset)) }
    case .indices(let bound):
      return (0..<count).map { _ in Double(Int.random(in: 0..<bound, using: &generator)) }
    case .flags: return (0..<count).map { _ in Bool.random(using: &generator) ? 1 : 0 }
    case .listed(let values): return (0..<count).map { Double(Float(values[$0 % values.count])) }
    }
  }
}
