package import NNGraph
import NNModel

/// y = x / (1 + |x|).
package struct Softsign: ElementwiseActivation {
  package static let word = "softsign"
  package static let summary = "y = x / (1 + |x|), into (-1, 1)."
  package init() {}
  package func formula(_ x: Expression) -> Expression { x / (1 + absolute(x)) }
}
