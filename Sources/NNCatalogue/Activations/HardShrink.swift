package import NNGraph
import NNModel

/// y = x where |x| > λ, else zero.
package struct HardShrink: ElementwiseActivation {
  package static let word = "hard_shrink"
  package static let summary = "Sets numbers near zero to zero and keeps the others."

  @Field("The greatest absolute value that counts as zero.", principal: true, range: .atLeast(0))
  package var limit = 0.5

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    select(greater(absolute(x), Expression(limit)), x, 0)
  }
}
