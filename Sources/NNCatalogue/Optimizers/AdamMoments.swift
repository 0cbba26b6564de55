import NNGraph
import NNModel

/// What Adam and its relatives share: running means of the gradient and of its square, and the
/// move they give.
///
/// With m̂ = m / (1 − β₁ᵗ) and v̂ = v / (1 − β₂ᵗ) the move is rate · m̂ / (√v̂ + ε). AMSGrad
/// (Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", 2018) has the greatest v so
/// far in place of v.
struct AdamMoments {
  let beta2: Double
  let eps: Double
  var amsgrad = false

  static let pair = [UpdateState("first_moment"), UpdateState("second_moment")]

  var states: [UpdateState] {
    AdamMoments.pair + (amsgrad ? [UpdateState("greatest_second_moment")] : [])
  }

  /// How many scalars ``scalars(step:rate:beta1:)`` gives.
  static let scalarCount = 3

  /// rate / (1 − β₁ᵗ), 1 / √(1 − β₂ᵗ) and 1 − β₁.
  func scalars(step: Int, rate: Double, beta1: Double) -> StepScalars {
    StepScalars(
      rate / (1 - power(beta1, step)), 1 / (1 - power(beta2, step)).squareRoot(), 1 - beta1)
  }

  /// The means after a step; `share` is 1 − β₁.
  func means(
    _ gradient: Expression, _ state: [Expression], share: Expression
  ) -> (first: Expression, second: Expression) {
    let first = state[0] + share * (gradient - state[0])
    let second = Expression(beta2) * state[1] + Expression(1 - beta2) * square(gradient)
    return (first, second)
  }

  func update(
    _ parameter: Expression, _ gradient: Expression, _ state: [Expression],
    _ scalars: [Expression]
  ) -> (parameter: Expression, state: [Expression]) {
    let (first, second) = means(gradient, state, share: scalars[2])
    let greatest = amsgrad ? maximum(state[2], second) : second
    let denominator = sqrt(greatest) * scalars[1] + Expression(eps)
    return (
      parameter - scalars[0] * first / denominator,
      [first, second] + (amsgrad ? [greatest] : [])
    )
  }
}
