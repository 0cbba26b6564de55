package import NNGraph
import NNModel

/// y = eˣ.
package struct Exponential: ElementwiseActivation {
  package static let word = "exp"
  package static let summary = "The exponential function: y = exp(x)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { exp(x) }
}
