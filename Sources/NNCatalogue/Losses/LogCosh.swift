package import NNGraph
import NNModel

/// log cosh e = |e| + log(1 + exp(−2 |e|)) − log 2.
package struct LogCosh: ElementwiseLoss {
  package static let word = "log_cosh"
  package static let summary =
    "The logarithm of the hyperbolic cosine of the error: nearly e²/2 if small, |e| if large."
  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    let error = prediction - target
    // With softplus(−2e) in place of the logarithm of a sum nothing overflows, and the slope is
    // that of tanh.
    return error + softplus(-2 * error) - 0.693_147_180_559_945_3
  }
}
