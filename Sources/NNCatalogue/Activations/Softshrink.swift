package import NNGraph
import NNModel

/// y = x − λ above λ, x + λ below −λ, zero between.
package struct Softshrink: ElementwiseActivation {
  package static let word = "softshrink"
  package static let summary = "Moves numbers towards zero: y = x - limit above it, 0 near zero."

  @Field("How far numbers are moved.", principal: true, range: .atLeast(0))
  package var limit = 0.5

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    let limit = Expression(limit)
    return select(greater(x, limit), x - limit, select(greater(-limit, x), x + limit, 0))
  }
}
