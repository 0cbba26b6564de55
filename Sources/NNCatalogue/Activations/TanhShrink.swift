package import NNGraph
import NNModel

/// y = x − tanh x.
package struct TanhShrink: ElementwiseActivation {
  package static let word = "tanh_shrink"
  package static let summary = "What the hyperbolic tangent leaves: y = x - tanh(x)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { x - tanh(x) }
}
