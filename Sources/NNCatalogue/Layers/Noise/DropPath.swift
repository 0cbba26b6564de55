package import NNGraph
package import NNModel
import NNTensor

/// Sets whole samples to zero at random while training; Huang et al., "Deep Networks with
/// Stochastic Depth" (2016). Last in a residual it leaves out the residual's layers for them.
///
/// - input, output: [batch, …]
package struct DropPath: Layer {
  package static let word = "drop_path"
  package static let summary =
    "Sets a share of the samples to zero in training and scales the others up, as the last layer "
    + "of a residual (stochastic depth); does nothing afterwards."

  @Field("The share of samples that is set to zero.", principal: true, range: .from(0, below: 1))
  package var rate: Double

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard b.isTraining, rate > 0 else { return inputs[0] }
    let x = inputs[0]
    let random = b.g.make(RandomUniform(b.randomStream("drop_path"), shape: .scalar), x)
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(rate))
    let factor = b.g.elementwise(isKept * Expression(1 / (1 - rate)))
    let spread = b.g.make(Broadcast(to: b.shape(x), axes: []), factor)
    return b.g.elementwise(.value(x) * .value(spread))
  }
}
