package import NNGraph
package import NNModel
import NNTensor

/// ½ d² of what is the same, ½ max(0, margin − d)² of what is not, d being the distance of the two;
/// Hadsell, Chopra and LeCun, "Dimensionality Reduction by Learning an Invariant Mapping" (2006).
package struct Contrastive: EmbeddingLoss {
  package static let word = "contrastive"
  package static let summary = """
    Brings two vectors together where the target says yes, and the margin apart where it says no. \
    Predicted is 1 - distance / margin, at least 0: yes below half the margin.
    """

  @Field("How far apart different ones should be.", principal: true, range: .positive)
  package var margin = 1.0

  package init() {}

  package var valueCount: Int { 2 }

  package func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value {
    guard let target = site.target?.value else {
      preconditionFailure("'contrastive' is lowered without a target")
    }
    let same = Expression.value(g.make(Reshape(.scalar), target))
    let squared = squaredDistance(site.values, &g)
    let apart = square(maximum(Expression(margin) - distance(squared), 0))
    return g.elementwise(0.5 * (same * squared + (1 - same) * apart))
  }

  package func output(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let near = 1 - distance(squaredDistance(values, &g)) * Expression(1 / margin)
    return g.make(Reshape([1]), g.elementwise(maximum(near, 0)))
  }

  private func squaredDistance(_ values: [Value], _ g: inout GraphBuilder) -> Expression {
    .value(g.sumOfSample(g.elementwise(square(.value(values[0]) - .value(values[1])))))
  }

  /// Of two that coincide the distance has no slope; it is taken to be zero.
  private func distance(_ squared: Expression) -> Expression { sqrt(maximum(squared, 1e-12)) }
}
