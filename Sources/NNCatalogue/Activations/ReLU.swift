package import NNGraph
import NNModel

/// y = max(x, 0).
package struct ReLU: ElementwiseActivation {
  package static let word = "relu"
  package static let summary = "The rectifier: y = max(x, 0)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { relu(x) }
}
