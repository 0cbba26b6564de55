/// A number that formulas compute with; whole ones stay whole as long as they can.
enum FormulaNumber: Equatable {
  case int(Int)
  case float(Double)

  var asDouble: Double {
    switch self {
    case .int(let value): Double(value)
    case .float(let value): value
    }
  }

  /// The result of an operation; nil where it is no number that a file could say.
  static func result(
    of operation: FormulaOperator, _ a: FormulaNumber, _ b: FormulaNumber
  ) -> FormulaNumber? {
    if case .int(let a) = a, case .int(let b) = b { return ofWhole(operation, a, b) }
    let (a, b) = (a.asDouble, b.asDouble)
    let value =
      switch operation {
      case .add: a + b
      case .subtract: a - b
      case .multiply: a * b
      case .divide: a / b
      case .floorDivide: (a / b).rounded(.down)
      case .modulo: a - b * (a / b).rounded(.down)
      }
    return value.isFinite ? .float(value) : nil
  }

  private static func ofWhole(_ operation: FormulaOperator, _ a: Int, _ b: Int) -> FormulaNumber? {
    switch operation {
    case .add: return whole(a.addingReportingOverflow(b))
    case .subtract: return whole(a.subtractingReportingOverflow(b))
    case .multiply: return whole(a.multipliedReportingOverflow(by: b))
    case .divide:
      let (rest, overflows) = a.remainderReportingOverflow(dividingBy: b)
      guard rest == 0, !overflows else { return .float(Double(a) / Double(b)) }
      return whole(a.dividedReportingOverflow(by: b))
    case .floorDivide:
      let (quotient, overflows) = a.dividedReportingOverflow(by: b)
      guard !overflows else { return nil }
      let isRoundedUp = a % b != 0 && (a < 0) != (b < 0)
      return .int(isRoundedUp ? quotient - 1 : quotient)
    case .modulo:
      // As in Python: the sign is the divisor's.
      let rest = a.remainderReportingOverflow(dividingBy: b).partialValue
      return .int(rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest)
    }
  }

  private static func whole(_ result: (partialValue: Int, overflow: Bool)) -> FormulaNumber? {
    result.overflow ? nil : .int(result.partialValue)
  }
}
