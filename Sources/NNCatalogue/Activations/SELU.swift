package import NNGraph
import NNModel

/// y = λ x above zero, λ α (eˣ − 1) below; Klambauer et al., "Self-Normalizing Neural Networks"
/// (2017), whose λ and α keep mean 0 and variance 1 where weights begin as lecun_normal.
package struct SELU: ElementwiseActivation {
  package static let word = "selu"
  package static let summary =
    "The scaled exponential linear unit, which keeps mean and variance; goes with lecun_normal."

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    let scale = 1.050_700_987_355_480_5
    let alpha = 1.673_263_242_354_377_2
    // The minimum keeps the branch that is not taken from overflowing, also in the gradient.
    return select(
      step(x), Expression(scale) * x, Expression(scale * alpha) * expm1(minimum(x, 0)))
  }
}
