package import NNGraph
import NNModel

/// (prediction − target)².
package struct MeanSquaredError: ElementwiseLoss {
  package static let word = "mse"
  package static let summary = "The mean squared error, of numbers."
  package init() {}
  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    square(prediction - target)
  }
}
