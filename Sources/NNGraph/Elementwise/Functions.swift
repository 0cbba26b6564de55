import CKernels

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A function of one number, applied to each element.
package enum UnaryFunction: String, Sendable, CaseIterable {
  case copy, negate, absolute, sign, step, exp, log, log1p, expm1, sqrt, rsqrt, reciprocal
  case square, tanh, sigmoid, erf, softplus, relu, sin, cos, floor
  case gelu, geluSlope, silu, siluSlope

  /// In double precision, by definition.
  package func callAsFunction(_ x: Double) -> Double {
    switch self {
    case .copy: x
    case .negate: -x
    case .absolute: abs(x)
    case .sign: x > 0 ? 1 : (x < 0 ? -1 : 0)
    case .step: x > 0 ? 1 : 0
    case .exp: Glibc.exp(x)
    case .log: Glibc.log(x)
    case .log1p: Glibc.log1p(x)
    case .expm1: Glibc.expm1(x)
    case .sqrt: x.squareRoot()
    case .rsqrt: 1 / x.squareRoot()
    case .reciprocal: 1 / x
    case .square: x * x
    case .tanh: Glibc.tanh(x)
    case .sigmoid: 1 / (1 + Glibc.exp(-x))
    case .erf: Glibc.erf(x)
    case .softplus: max(x, 0) + Glibc.log1p(Glibc.exp(-abs(x)))
    case .relu: max(x, 0)
    case .sin: Glibc.sin(x)
    case .cos: Glibc.cos(x)
    case .floor: x.rounded(.down)
    case .gelu: x * 0.5 * Glibc.erfc(-x * 0.5.squareRoot())
    case .geluSlope:
      0.5 * Glibc.erfc(-x * 0.5.squareRoot()) + x * Glibc.exp(-x * x / 2)
        / (2 * Double.pi).squareRoot()
    case .silu: x * UnaryFunction.sigmoid(x)
    case .siluSlope:
      UnaryFunction.sigmoid(x) * (1 + x * UnaryFunction.sigmoid(-x))
    }
  }

  /// dy/dx in terms of x and y = f(x); nil where it is zero everywhere.
  func derivative(_ x: Expression, _ y: Expression) -> Expression? {
    switch self {
    case .copy: 1
    case .negate: -1
    case .absolute: Expression.unary(.sign, x)
    case .sign, .step, .floor: nil
    case .exp: y
    case .log: .unary(.reciprocal, x)
    case .log1p: .unary(.reciprocal, 1 + x)
    case .expm1: y + 1
    case .sqrt: 0.5 / y
    case .rsqrt: -0.5 * y * y * y
    case .reciprocal: -(y * y)
    case .square: 2 * x
    case .tanh: 1 - .unary(.square, y)
    case .sigmoid: y * (1 - y)
    case .erf: Expression.constant(1.128_379_167_095_512_6) * .unary(.exp, -.unary(.square, x))
    case .softplus: .unary(.sigmoid, x)
    case .relu: .unary(.step, y)
    case .sin: .unary(.cos, x)
    case .cos: -.unary(.sin, x)
    case .gelu: .unary(.geluSlope, x)
    // φ(x) (2 − x²)
    case .geluSlope:
      0.398_942_280_401_432_7 * .unary(.exp, -0.5 * .unary(.square, x)) * (2 - .unary(.square, x))
    case .silu: .unary(.siluSlope, x)
    // With s = σ(x): s (1 − s) (2 + x (1 − 2 s))
    case .siluSlope:
      .unary(.sigmoid, x) * (1 - .unary(.sigmoid, x))
        * (2 + x * (1 - 2 * .unary(.sigmoid, x)))
    }
  }

  var code: UInt16 {
    let code: nn_function =
      switch self {
      case .copy: NN_FN_COPY
      case .negate: NN_FN_NEGATE
      case .absolute: NN_FN_ABSOLUTE
      case .sign: NN_FN_SIGN
      case .step: NN_FN_STEP
      case .exp: NN_FN_EXP
      case .log: NN_FN_LOG
      case .log1p: NN_FN_LOG1P
      case .expm1: NN_FN_EXPM1
      case .sqrt: NN_FN_SQRT
      case .rsqrt: NN_FN_RSQRT
      case .reciprocal: NN_FN_RECIPROCAL
      case .square: NN_FN_SQUARE
      case .tanh: NN_FN_TANH
      case .sigmoid: NN_FN_SIGMOID
      case .erf: NN_FN_ERF
      case .softplus: NN_FN_SOFTPLUS
      case .relu: NN_FN_RELU
      case .sin: NN_FN_SIN
      case .cos: NN_FN_COS
      case .floor: NN_FN_FLOOR
      case .gelu: NN_FN_GELU
      case .geluSlope: NN_FN_GELU_SLOPE
      case .silu: NN_FN_SILU
      case .siluSlope: NN_FN_SILU_SLOPE
      }
    return UInt16(code.rawValue)
  }
}

/// A function of two numbers, applied to each pair of elements.
package enum BinaryFunction: String, Sendable, CaseIterable {
  case add, subtract, multiply, divide, maximum, minimum, greater, greaterEqual, equal, power

  package func callAsFunction(_ a: Double, _ b: Double) -> Double {
    switch self {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .maximum: a.isNaN || b.isNaN ? .nan : Swift.max(a, b)
    case .minimum: a.isNaN || b.isNaN ? .nan : Swift.min(a, b)
    case .greater: a > b ? 1 : 0
    case .greaterEqual: a >= b ? 1 : 0
    case .equal: a == b ? 1 : 0
    case .power: Glibc.pow(a, b)
    }
  }

  /// ∂y/∂a and ∂y/∂b; nil where zero everywhere.
  func derivatives(
    _ a: Expression, _ b: Expression, _ y: Expression
  ) -> (Expression?, Expression?) {
    switch self {
    case .add: (1, 1)
    case .subtract: (1, -1)
    case .multiply: (b, a)
    case .divide: (.unary(.reciprocal, b), -(y / b))
    case .maximum: (.binary(.greaterEqual, a, b), .binary(.greater, b, a))
    case .minimum: (.binary(.greaterEqual, b, a), .binary(.greater, a, b))
    case .greater, .greaterEqual, .equal: (nil, nil)
    case .power: (b * .binary(.power, a, b - 1), y * .unary(.log, a))
    }
  }

  var code: UInt16 {
    let code: nn_function =
      switch self {
      case .add: NN_FN_ADD
      case .subtract: NN_FN_SUBTRACT
      case .multiply: NN_FN_MULTIPLY
      case .divide: NN_FN_DIVIDE
      case .maximum: NN_FN_MAXIMUM
      case .minimum: NN_FN_MINIMUM
      case .greater: NN_FN_GREATER
      case .greaterEqual: NN_FN_GREATER_EQUAL
      case .equal: NN_FN_EQUAL
      case .power: NN_FN_POWER
      }
    return UInt16(code.rawValue)
  }
}
