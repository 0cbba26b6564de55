import NNGraph

/// What Adam and its relatives share: running means of the gradient and of its square, and the
/// move they give.
///
/// With m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) the move is rate · m̂ / (√v̂ + ε).
struct AdamMoments {
  let beta1: Double
  let beta2: Double
  let eps: Double

  static let names = ["first_moment", "second_moment"]

  /// rate / (1 − β₁ᵗ) and 1 / √(1 − β₂ᵗ).
  func scalars(step: Int, rate: Double) -> [Double] {
    [rate / (1 - power(beta1, step)), 1 / (1 - power(beta2, step)).squareRoot()]
  }

  func update(
    _ parameter: Expression, _ gradient: Expression, _ state: [Expression],
    _ scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let first = state[0] + Expression(1 - beta1) * (gradient - state[0])
    let second = Expression(beta2) * state[1] + Expression(1 - beta2) * square(gradient)
    let denominator = sqrt(second) * scalars[1] + Expression(eps)
    return (parameter - scalars[0] * first / denominator, [first, second])
  }
}

/// A power by repeated squaring, which gives the same bits on every machine.
func power(_ base: Double, _ exponent: Int) -> Double {
  var (result, factor, rest) = (1.0, base, exponent)
  while rest > 0 {
    if rest & 1 == 1 { result *= factor }
    factor *= factor
    rest >>= 1
  }
  return result
}
