package import NNGraph
import NNModel

/// y = −log(1 + e⁻ˣ).
package struct LogSigmoid: ElementwiseActivation {
  package static let word = "log_sigmoid"
  package static let summary = "The logarithm of the logistic function: y = -log(1 + exp(-x))."
  package init() {}
  package func formula(_ x: Expression) -> Expression { -softplus(-x) }
}
