package import NNGraph
import NNModel

/// y = x.
package struct Identity: ElementwiseActivation {
  package static let word = "identity"
  package static let summary = "Passes its input on: y = x."
  package init() {}
  package func formula(_ x: Expression) -> Expression { x }
}
