/// A formula over values, element by element.
///
/// Activations, losses and optimizers are written as formulas; the graph turns each step of one
/// into an op, and fusion turns chains of those into single passes over memory.
package indirect enum Expression: Sendable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
  case value(Value)
  case constant(Float)
  case unary(UnaryFunction, Expression)
  case binary(BinaryFunction, Expression, Expression)
  /// The second where the first is not zero, else the third.
  case select(Expression, Expression, Expression)

  package init(floatLiteral value: Double) { self = .constant(Float(value)) }
  package init(integerLiteral value: Int) { self = .constant(Float(value)) }
  package init(_ value: Double) { self = .constant(Float(value)) }

  package static func + (a: Expression, b: Expression) -> Expression { .binary(.add, a, b) }
  package static func - (a: Expression, b: Expression) -> Expression { .binary(.subtract, a, b) }
  package static func * (a: Expression, b: Expression) -> Expression { .binary(.multiply, a, b) }
  package static func / (a: Expression, b: Expression) -> Expression { .binary(.divide, a, b) }
  package static prefix func - (a: Expression) -> Expression { .unary(.negate, a) }
}

package func exp(_ x: Expression) -> Expression { .unary(.exp, x) }
package func log(_ x: Expression) -> Expression { .unary(.log, x) }
package func log1p(_ x: Expression) -> Expression { .unary(.log1p, x) }
package func expm1(_ x: Expression) -> Expression { .unary(.expm1, x) }
package func sqrt(_ x: Expression) -> Expression { .unary(.sqrt, x) }
package func rsqrt(_ x: Expression) -> Expression { .unary(.rsqrt, x) }
package func square(_ x: Expression) -> Expression { .unary(.square, x) }
package func tanh(_ x: Expression) -> Expression { .unary(.tanh, x) }
package func sigmoid(_ x: Expression) -> Expression { .unary(.sigmoid, x) }
package func erf(_ x: Expression) -> Expression { .unary(.erf, x) }
package func sin(_ x: Expression) -> Expression { .unary(.sin, x) }
package func softplus(_ x: Expression) -> Expression { .unary(.softplus, x) }
package func relu(_ x: Expression) -> Expression { .unary(.relu, x) }
/// x · Φ(x)
package func gelu(_ x: Expression) -> Expression { .unary(.gelu, x) }
/// x · sigmoid(x)
package func silu(_ x: Expression) -> Expression { .unary(.silu, x) }
package func absolute(_ x: Expression) -> Expression { .unary(.absolute, x) }
package func sign(_ x: Expression) -> Expression { .unary(.sign, x) }
/// One where x is above zero, else zero.
package func step(_ x: Expression) -> Expression { .unary(.step, x) }
package func maximum(_ a: Expression, _ b: Expression) -> Expression { .binary(.maximum, a, b) }
package func minimum(_ a: Expression, _ b: Expression) -> Expression { .binary(.minimum, a, b) }
package func greater(_ a: Expression, _ b: Expression) -> Expression { .binary(.greater, a, b) }
package func select(_ c: Expression, _ a: Expression, _ b: Expression) -> Expression {
  .select(c, a, b)
}

extension GraphBuilder {
  /// The value of a formula. All values in it have one type, or are scalars.
  package mutating func elementwise(_ expression: Expression) -> Value {
    switch expression {
    case .value(let value): return value
    case .constant(let constant): return make(Constant(constant))
    case .unary(let function, let x):
      let x = elementwise(x)
      return make(Unary(function), x)
    case .binary(let function, let a, let b):
      if let simpler = simplified(function, a, b) { return elementwise(simpler) }
      let a = elementwise(a)
      let b = elementwise(b)
      return make(Binary(function), a, b)
    case .select(let c, let a, let b):
      let c = elementwise(c)
      let a = elementwise(a)
      let b = elementwise(b)
      return make(Select(), c, a, b)
    }
  }

  /// Drops multiplications by one and the like, which derivatives are full of.
  private func simplified(
    _ function: BinaryFunction, _ a: Expression, _ b: Expression
  ) -> Expression? {
    switch (function, a, b) {
    case (.multiply, .constant(1), let x), (.multiply, let x, .constant(1)): x
    case (.multiply, .constant(-1), let x), (.multiply, let x, .constant(-1)): -x
    case (_, .constant(let a), .constant(let b)):
      .constant(Float(function(Double(a), Double(b))))
    default: nil
    }
  }
}
