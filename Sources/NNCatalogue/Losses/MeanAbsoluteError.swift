package import NNGraph
import NNModel

/// |prediction − target|.
package struct MeanAbsoluteError: ElementwiseLoss {
  package static let word = "mae"
  package static let summary = "The mean absolute error, of numbers."
  package init() {}
  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    absolute(prediction - target)
  }
}
