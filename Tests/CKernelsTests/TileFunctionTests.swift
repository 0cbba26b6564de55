import CKernels
import Foundation
import Testing

/// A function of one operand, the exact function, and where to try it.
struct UnaryCase: CustomTestStringConvertible, Sendable {
  let name: String
  let function: nn_function
  let range: ClosedRange<Double>
  var relative = 3e-7
  /// What an error may be where the result is small.
  var absolute = 1.2e-38
  let exact: @Sendable (Double) -> Double

  var testDescription: String { "\(name) in \(range)" }
}

/// A function of two operands and the exact function.
struct BinaryCase: CustomTestStringConvertible, Sendable {
  let name: String
  let function: nn_function
  let exact: @Sendable (Double, Double) -> Double

  var testDescription: String { name }
}

private let specials: [Float] = [
  0, -0.0, 1, -1, 0.5, -0.5, 1e-8, -1e-8, 1e-30, -1e-30, .leastNonzeroMagnitude,
  -.leastNonzeroMagnitude, 87, 89, 104, -87, -104,
  -200, 200, 3.4e38, -3.4e38, 8_388_608, -8_388_609, 1.5, -1.5, 2.5, .infinity, -.infinity, .nan,
]

private func softplus(_ x: Double) -> Double { Swift.max(x, 0) + log1p(exp(-abs(x))) }
private func gelu(_ x: Double) -> Double { x * 0.5 * erfc(-x * 0.5.squareRoot()) }
private func sign(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : x }

private let unaryCases: [UnaryCase] = [
  .init(name: "copy", function: NN_FN_COPY, range: -9...9) { $0 },
  .init(name: "negate", function: NN_FN_NEGATE, range: -9...9) { -$0 },
  .init(name: "absolute", function: NN_FN_ABSOLUTE, range: -9...9) { abs($0) },
  .init(name: "sign", function: NN_FN_SIGN, range: -9...9) { sign($0) },
  .init(name: "step", function: NN_FN_STEP, range: -9...9) { $0 > 0 ? 1 : 0 },
  .init(name: "exp", function: NN_FN_EXP, range: -87...88) { exp($0) },
  .init(name: "exp", function: NN_FN_EXP, range: -1...1) { exp($0) },
  .init(name: "log", function: NN_FN_LOG, range: 0...3) { log($0) },
  .init(name: "log", function: NN_FN_LOG, range: 0...1e38) { log($0) },
  .init(name: "log1p", function: NN_FN_LOG1P, range: -1...3) { log1p($0) },
  .init(name: "log1p", function: NN_FN_LOG1P, range: -1e-4...1e-4) { log1p($0) },
  .init(name: "expm1", function: NN_FN_EXPM1, range: -30...88) { expm1($0) },
  .init(name: "expm1", function: NN_FN_EXPM1, range: -1e-4...1e-4) { expm1($0) },
  .init(name: "sqrt", function: NN_FN_SQRT, range: -1...100) { $0.squareRoot() },
  .init(name: "rsqrt", function: NN_FN_RSQRT, range: 0...100) { 1 / $0.squareRoot() },
  .init(name: "reciprocal", function: NN_FN_RECIPROCAL, range: -9...9) { 1 / $0 },
  .init(name: "square", function: NN_FN_SQUARE, range: -9...9) { $0 * $0 },
  .init(name: "tanh", function: NN_FN_TANH, range: -10...10) { tanh($0) },
  .init(name: "tanh", function: NN_FN_TANH, range: -1e-3...1e-3) { tanh($0) },
  .init(name: "sigmoid", function: NN_FN_SIGMOID, range: -80...20) { 1 / (1 + exp(-$0)) },
  .init(name: "erf", function: NN_FN_ERF, range: -5...5) { erf($0) },
  .init(name: "erf", function: NN_FN_ERF, range: -1e-3...1e-3) { erf($0) },
  .init(name: "softplus", function: NN_FN_SOFTPLUS, range: -80...80) { softplus($0) },
  .init(name: "relu", function: NN_FN_RELU, range: -9...9) { $0.isNaN ? $0 : Swift.max($0, 0) },
  .init(name: "sin", function: NN_FN_SIN, range: -1e4...1e4) { sin($0) },
  .init(name: "sin", function: NN_FN_SIN, range: -4...4) { sin($0) },
  .init(name: "cos", function: NN_FN_COS, range: -1e4...1e4) { cos($0) },
  .init(name: "cos", function: NN_FN_COS, range: -3e38...3e38) { cos($0) },
  .init(name: "floor", function: NN_FN_FLOOR, range: -9...9) { floor($0) },
  .init(name: "gelu", function: NN_FN_GELU, range: -9...9, absolute: 1e-7) { gelu($0) },
  .init(name: "gelu", function: NN_FN_GELU, range: -1e-3...1e-3, relative: 5e-7) { gelu($0) },
  .init(name: "slope of gelu", function: NN_FN_GELU_SLOPE, range: -9...9, absolute: 1.5e-7) {
    0.5 * erfc(-$0 * 0.5.squareRoot()) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot()
  },
  .init(name: "silu", function: NN_FN_SILU, range: -80...20) { $0 / (1 + exp(-$0)) },
  .init(name: "slope of silu", function: NN_FN_SILU_SLOPE, range: -80...80, absolute: 1.5e-7) {
    1 / (1 + exp(-$0)) * (1 + $0 / (1 + exp($0)))
  },
]

private let binaryCases: [BinaryCase] = [
  .init(name: "add", function: NN_FN_ADD) { $0 + $1 },
  .init(name: "subtract", function: NN_FN_SUBTRACT) { $0 - $1 },
  .init(name: "multiply", function: NN_FN_MULTIPLY) { $0 * $1 },
  .init(name: "divide", function: NN_FN_DIVIDE) { $0 / $1 },
  .init(name: "maximum", function: NN_FN_MAXIMUM) {
    $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1)
  },
  .init(name: "minimum", function: NN_FN_MINIMUM) {
    $0.isNaN || $1.isNaN ? .nan : Swift.min($0, $1)
  },
  .init(name: "greater", function: NN_FN_GREATER) { $0 > $1 ? 1 : 0 },
  .init(name: "greater or equal", function: NN_FN_GREATER_EQUAL) { $0 >= $1 ? 1 : 0 },
  .init(name: "equal", function: NN_FN_EQUAL) { $0 == $1 ? 1 : 0 },
  .init(name: "power", function: NN_FN_POWER) { pow($0, $1) },
]

extension KernelTests {
  @Suite struct TileFunctionTests {
    @Test(arguments: unaryCases, levels)
    func `a function of one operand is exact to a few units in the last place`(
      _ test: UnaryCase, _ level: Int32
    ) {
      let width = test.range.upperBound - test.range.lowerBound
      let x = (0..<5001).map { Float(test.range.lowerBound + width * Double($0) / 5000) }
      onLevel(level) {
        expectClose(
          apply(test.function, x), x.map { test.exact(Double($0)) }, relative: test.relative,
          absolute: test.absolute, "\(test.name) on level \(level)")
      }
    }

    @Test(arguments: unaryCases, levels)
    func `a function of one operand is right where numbers end`(
      _ test: UnaryCase, _ level: Int32
    ) {
      onLevel(level) {
        expectClose(
          apply(test.function, specials), specials.map { test.exact(Double($0)) },
          relative: test.relative, absolute: test.absolute, "\(test.name) on level \(level)")
      }
    }

    @Test(arguments: binaryCases, levels)
    func `a function of two operands is right for all pairs`(_ test: BinaryCase, _ level: Int32) {
      let values = specials + numbers(20, scale: 8)
      let a = values.flatMap { Array(repeating: $0, count: values.count) }
      let b = Array(repeating: values, count: values.count).flatMap { $0 }
      onLevel(level) {
        expectClose(
          apply(test.function, a, b), zip(a, b).map { test.exact(Double($0), Double($1)) },
          relative: 3e-7, absolute: 1.2e-38, "\(test.name) on level \(level)")
      }
    }

    @Test(arguments: levels)
    func `a power is exact where its exponent magnifies errors`(_ level: Int32) {
      let a = numbers(4000, seed: 3).map { exp(abs($0) * 20 - 10) }
      let b = numbers(4000, seed: 4, scale: 8)
      onLevel(level) {
        expectClose(
          apply(NN_FN_POWER, a, b), zip(a, b).map { pow(Double($0), Double($1)) },
          relative: 3e-7, absolute: 1.2e-38)
      }
    }

    @Test(arguments: levels)
    func `functions of three operands are right`(_ level: Int32) {
      let a: [Float] = [0, -0.0, 1, -2, .nan] + numbers(50)
      let b = numbers(55, seed: 2)
      let c = numbers(55, seed: 3)
      onLevel(level) {
        let selected = zip(a, zip(b, c)).map { $0 != 0 ? $1.0 : $1.1 }
        #expect(apply(NN_FN_SELECT, a, b, c) == selected)
        expectClose(
          apply(NN_FN_MULTIPLY_ADD, a, b, c),
          zip(a, zip(b, c)).map { Double($0) * Double($1.0) + Double($1.1) }, absolute: 2e-7)
      }
    }

    @Test func `zero keeps its sign where the function is odd`() {
      let odd = [NN_FN_EXPM1, NN_FN_LOG1P, NN_FN_TANH, NN_FN_ERF, NN_FN_SIN, NN_FN_FLOOR]
      for function in odd { #expect(apply(function, [-0.0])[0].sign == .minus) }
    }
  }
}
