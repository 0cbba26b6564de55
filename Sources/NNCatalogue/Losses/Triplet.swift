package import NNGraph
package import NNModel
import NNTensor

/// max(0, d(anchor, like) − d(anchor, unlike) + margin), with d(a, b) = (Σ |a − b + 10⁻⁶|^p)^(1/p);
/// Schroff, Kalenichenko and Philbin, "FaceNet" (2015).
package struct Triplet: EmbeddingLoss {
  package static let word = "triplet"
  package static let summary = """
    An anchor should be nearer to what is like it than to what is not, by the margin: from: names the \
    three vectors in this order. It takes no target; predicted are the vectors.
    """

  @Field("By how much nearer.", principal: true, range: .positive)
  package var margin = 1.0

  @Field("The power in the distance: 1 adds up differences, 2 is Euclid's.", range: .between(1, 8))
  package var p = 2.0

  package init() {}

  package var valueCount: Int { 3 }
  package var takesTarget: Bool { false }

  package func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value {
    let like = distance(site.values[0], site.values[1], &g)
    let unlike = distance(site.values[0], site.values[2], &g)
    return g.elementwise(maximum(like - unlike + Expression(margin), 0))
  }

  private func distance(_ a: Value, _ b: Value, _ g: inout GraphBuilder) -> Expression {
    let difference = Expression.value(a) - .value(b) + 1e-6
    switch p {
    case 1: return .value(g.sumOfSample(g.elementwise(absolute(difference))))
    case 2: return sqrt(.value(g.sumOfSample(g.elementwise(square(difference)))))
    default:
      let powers = g.elementwise(
        Expression.binary(.power, absolute(difference), Expression(p)))
      // Below this bound a root has no slope that a 32-bit float could hold.
      let sum = maximum(.value(g.sumOfSample(powers)), 1e-30)
      return .binary(.power, sum, Expression(1 / p))
    }
  }
}
