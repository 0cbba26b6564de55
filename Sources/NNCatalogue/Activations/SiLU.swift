package import NNGraph
import NNModel

/// y = x · sigmoid(x), also called swish.
package struct SiLU: ElementwiseActivation {
  package static let word = "silu"
  package static let summary = "The sigmoid linear unit, also called swish: y = x · sigmoid(x)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { silu(x) }
}
