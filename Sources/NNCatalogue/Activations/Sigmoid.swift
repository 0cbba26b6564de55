package import NNGraph
import NNModel

/// y = 1 / (1 + e⁻ˣ).
package struct Sigmoid: ElementwiseActivation {
  package static let word = "sigmoid"
  package static let summary = "The logistic function, into (0, 1): y = 1 / (1 + exp(-x))."
  package init() {}
  package func formula(_ x: Expression) -> Expression { sigmoid(x) }
}
