package import NNGraph
import NNModel

/// y = max(x, 0)²; So et al., "Primer" (2021).
package struct SquaredReLU: ElementwiseActivation {
  package static let word = "squared_relu"
  package static let summary = "The square of the rectifier: y = max(x, 0)²."
  package init() {}
  package func formula(_ x: Expression) -> Expression { square(relu(x)) }
}
