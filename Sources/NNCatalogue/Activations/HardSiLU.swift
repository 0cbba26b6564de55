package import NNGraph
import NNModel

/// y = x · hard_sigmoid(x); Howard et al., "Searching for MobileNetV3" (2019).
package struct HardSiLU: ElementwiseActivation {
  package static let word = "hard_silu"
  package static let summary =
    "Lines in place of silu's logistic function: y = x · hard_sigmoid(x); also called hard swish."
  package init() {}
  package func formula(_ x: Expression) -> Expression { x * HardSigmoid().formula(x) }
}
