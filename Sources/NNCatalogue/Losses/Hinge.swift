package import NNGraph
import NNModel

/// max(0, 1 − y x); Cortes and Vapnik, "Support-Vector Networks" (1995).
package struct Hinge: MarginLoss {
  package static let word = "hinge"
  package static let summary = """
    The margin loss of support vector machines, of yes or no: right is a score beyond 1 on the right \
    side of 0. Predicted is the sigmoid of the score, which is no calibrated probability.
    """
  package init() {}
  package func formula(shortfall: Expression) -> Expression { shortfall }
}
