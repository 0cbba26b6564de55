package import NNGraph
import NNModel

/// 2 |prediction − target| / max(|prediction| + |target|, eps).
package struct SymmetricPercentageError: ElementwiseLoss {
  package static let word = "smape"
  package static let summary = """
    The mean absolute error as a share of the mean size of prediction and truth, from 0 to 2. It is \
    about the numbers as they are scaled, so leave the target unscaled.
    """

  @Field("The least sum of sizes that errors are divided by.", range: .atLeast(1e-30))
  package var eps = 1e-7

  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    let sizes = absolute(prediction) + absolute(target)
    return 2 * absolute(prediction - target) / maximum(sizes, Expression(eps))
  }
}
