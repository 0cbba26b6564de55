package import NNGraph
import NNModel

/// y = tanh x.
package struct Tanh: ElementwiseActivation {
  package static let word = "tanh"
  package static let summary = "The hyperbolic tangent, into (-1, 1)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { tanh(x) }
}
