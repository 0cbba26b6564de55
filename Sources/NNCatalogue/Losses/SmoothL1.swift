package import NNGraph
import NNModel

/// ½ e² / β for |e| < β, |e| − ½ β beyond: huber's loss divided by β.
package struct SmoothL1: ElementwiseLoss {
  package static let word = "smooth_l1"
  package static let summary =
    "Squared for small errors, absolute with slope 1 for large ones, of numbers: huber / beta."

  @Field("Where it turns from squared to absolute.", principal: true, range: .atLeast(1e-6))
  package var beta = 1.0

  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    let error = absolute(prediction - target)
    let small = minimum(error, Expression(beta))
    // With s = min(|e|, β): ½ s² / β + (|e| − s) is both branches at once.
    return Expression(0.5 / beta) * square(small) + (error - small)
  }
}
