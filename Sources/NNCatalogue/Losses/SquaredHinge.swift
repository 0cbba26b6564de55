package import NNGraph
import NNModel

/// max(0, 1 − y x)².
package struct SquaredHinge: MarginLoss {
  package static let word = "squared_hinge"
  package static let summary =
    "The square of the hinge loss, of yes or no: smooth, and harder on what is far off."
  package init() {}
  package func formula(shortfall: Expression) -> Expression { square(shortfall) }
}
