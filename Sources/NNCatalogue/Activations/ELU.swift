package import NNGraph
import NNModel

/// y = x above zero, α (eˣ − 1) below; Clevert et al., "Exponential Linear Units" (2015).
package struct ELU: ElementwiseActivation {
  package static let word = "elu"
  package static let summary =
    "The exponential linear unit: y = x above zero, alpha · (exp(x) - 1) below."

  @Field("What it tends to far below zero, negated.", principal: true, range: .positive)
  package var alpha = 1.0

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    // The minimum keeps the branch that is not taken from overflowing, also in the gradient.
    select(step(x), x, Expression(alpha) * expm1(minimum(x, 0)))
  }
}
