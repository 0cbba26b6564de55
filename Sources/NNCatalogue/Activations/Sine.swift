package import NNGraph
import NNModel

/// y = sin x; Sitzmann et al., "Implicit Neural Representations with Periodic Activation Functions" (2020).
package struct Sine: ElementwiseActivation {
  package static let word = "sin"
  package static let summary = "The sine."
  package init() {}
  package func formula(_ x: Expression) -> Expression { sin(x) }
}
