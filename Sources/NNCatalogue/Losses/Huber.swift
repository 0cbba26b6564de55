package import NNGraph
import NNModel

/// ½ e² for |e| ≤ δ, δ (|e| − ½ δ) beyond; Huber, "Robust Estimation of a Location Parameter"
/// (1964).
package struct Huber: ElementwiseLoss {
  package static let word = "huber"
  package static let summary = "Squared for small errors, absolute for large ones, of numbers."

  @Field("Where it turns from squared to absolute.", principal: true, range: .positive)
  package var delta = 1.0

  package init() {}

  package func formula(_ prediction: Expression, _ target: Expression) -> Expression {
    let error = absolute(prediction - target)
    let small = minimum(error, Expression(delta))
    // With s = min(|e|, δ): ½ s² + δ (|e| − s) is both branches at once.
    return 0.5 * square(small) + Expression(delta) * (error - small)
  }
}
