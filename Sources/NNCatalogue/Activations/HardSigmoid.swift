package import NNGraph
import NNModel

/// y = x / 6 + ½ between −3 and 3, zero below and one above, as PyTorch and Keras 3 have it.
package struct HardSigmoid: ElementwiseActivation {
  package static let word = "hard_sigmoid"
  package static let summary =
    "Lines in place of the logistic function: y = x / 6 + 1 / 2, from 0 to 1."
  package init() {}

  package func formula(_ x: Expression) -> Expression {
    let line = x * Expression(1.0 / 6) + 0.5
    return select(greater(3, x), select(greater(x, -3), line, 0), 1)
  }
}
