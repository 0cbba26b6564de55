package import NNGraph
import NNModel

/// y = x · tanh(log(1 + eˣ)); Misra, "Mish" (2019).
package struct Mish: ElementwiseActivation {
  package static let word = "mish"
  package static let summary = "A smooth rectifier: y = x · tanh(softplus(x))."
  package init() {}
  package func formula(_ x: Expression) -> Expression { x * tanh(softplus(x)) }
}
