package import NNGraph
import NNModel

/// y = x above zero, α (eˣᐟᵅ − 1) below; Barron, "Continuously Differentiable Exponential Linear
/// Units" (2017).
package struct CELU: ElementwiseActivation {
  package static let word = "celu"
  package static let summary =
    "The exponential linear unit without a kink: y = x above zero, alpha · (exp(x / alpha) - 1) "
    + "below."

  @Field(
    "What it tends to far below zero, negated.", principal: true, range: .between(1e-6, 1e6))
  package var alpha = 1.0

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    // The minimum keeps the branch that is not taken from overflowing, also in the gradient.
    let below = expm1(minimum(x, 0) * Expression(1 / alpha))
    return select(step(x), x, Expression(alpha) * below)
  }
}
