package import NNGraph
import NNModel

/// |prediction − target| / max(|target|, eps).
package struct MeanAbsolutePercentageError: ElementwiseLoss {
  package static let word = "mape"
  package static let summary = """
    The mean absolute error as a share of the truth, 0.1 being ten percent (Keras gives 10). It is \
    about the numbers as they are scaled, so leave the target unscaled.
    """

  @Field("The least size of a truth that errors are divided by.", range: .atLeast(1e-30))
  package var eps = 1e-7

  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    absolute(prediction - target) / maximum(absolute(target), Expression(eps))
  }
}
