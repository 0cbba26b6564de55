package import NNGraph
import NNModel

/// y = log(1 + eˣ).
package struct Softplus: ElementwiseActivation {
  package static let word = "softplus"
  package static let summary = "A smooth rectifier: y = log(1 + exp(x))."
  package init() {}
  package func formula(_ x: Expression) -> Expression { softplus(x) }
}
