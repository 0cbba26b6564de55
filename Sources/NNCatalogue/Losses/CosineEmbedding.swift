package import NNGraph
package import NNModel
import NNTensor

/// 1 − cos of what is the same, max(0, cos − margin) of what is not.
package struct CosineEmbedding: EmbeddingLoss {
  package static let word = "cosine_embedding"
  package static let summary = """
    Brings two vectors to one direction where the target says yes, apart where it says no. Predicted \
    is how far their cosine is on the way from the margin to 1.
    """

  @Field("The cosine that different ones may have.", principal: true, range: .from(-1, below: 1))
  package var margin = 0.0

  package init() {}

  package var valueCount: Int { 2 }

  package func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value {
    let cosine = g.cosine(site.values[0], site.values[1])
    guard let target = site.target?.value else {
      preconditionFailure("'cosine_embedding' is lowered without a target")
    }
    let same = Expression.value(g.make(Reshape(.scalar), target))
    let apart = maximum(cosine - Expression(margin), 0)
    return g.elementwise(same * (1 - cosine) + (1 - same) * apart)
  }

  package func output(
    _ values: [Value], of target: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    let cosine = g.cosine(values[0], values[1])
    let way = (cosine - Expression(margin)) * Expression(1 / (1 - margin))
    return g.make(Reshape([1]), g.elementwise(minimum(maximum(way, 0), 1)))
  }
}
