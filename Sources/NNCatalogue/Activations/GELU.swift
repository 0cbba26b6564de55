package import NNGraph
import NNModel

/// y = x Φ(x), Φ the normal distribution's function; Hendrycks and Gimpel, "Gaussian Error Linear
/// Units" (2016), whose approximation by tanh is offered too.
package struct GELU: ElementwiseActivation {
  package static let word = "gelu"
  package static let summary = "The Gaussian error linear unit: y = x · Φ(x)."

  package enum Approximation: String, WordChoice {
    case none
    case tanh
  }

  @Field(
    "How Φ is computed: none is exact (by erf), tanh the usual approximation.", principal: true)
  package var approximate = Approximation.none

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    switch approximate {
    case .none: gelu(x)
    case .tanh:
      // √(2/π) (x + 0.044715 x³)
      0.5 * x * (1 + NNGraph.tanh(0.797_884_560_802_865_4 * (x + 0.044715 * x * x * x)))
    }
  }
}
