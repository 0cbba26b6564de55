package import NNGraph
package import NNModel
import NNTensor

/// Chen, Kornblith, Norouzi and Hinton, "A Simple Framework for Contrastive Learning of Visual
/// Representations" (2020).
package struct NTXent: EmbeddingLoss {
  package static let word = "nt_xent"
  package static let summary = """
    Two views of a sample should be nearer to each other than to all other views in the batch, by \
    their cosines (SimCLR): from: names the two vectors. It takes no target; a batch is one shard, \
    and figures depend on train.batch.
    """

  @Field(
    "What cosines are divided by: the smaller, the harder on near ones.", principal: true,
    range: .between(0.01, 100))
  package var temperature = 0.5

  package init() {}

  package var valueCount: Int { 2 }
  package var takesTarget: Bool { false }

  package func lower(_ site: LossSite, _ g: inout GraphBuilder) -> Value {
    let views = site.values.map { value in
      let length = g.elementwise(g.inverseLength(value))
      let shape = g.shape(value)
      let spread = g.make(Broadcast(to: shape, axes: []), length)
      return g.elementwise(.value(value) * .value(spread))
    }
    return g.make(PairContrast(temperature: temperature), views[0], views[1])
  }
}
