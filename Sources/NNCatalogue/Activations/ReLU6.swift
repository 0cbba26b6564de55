package import NNGraph
import NNModel

/// y = min(max(x, 0), 6); Howard et al., "MobileNets" (2017).
package struct ReLU6: ElementwiseActivation {
  package static let word = "relu6"
  package static let summary = "A rectifier that ends at 6: y = min(max(x, 0), 6)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { select(greater(6, x), relu(x), 6) }
}
