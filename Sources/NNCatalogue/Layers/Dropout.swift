package import NNGraph
package import NNModel

/// Sets values to zero at random while training; Srivastava et al., "Dropout" (2014).
///
/// - input, output: [batch, …]
package struct Dropout: Layer {
  package static let word = "dropout"
  package static let summary =
    "Sets a share of the values to zero in training and scales the others up; does nothing afterwards."

  @Field("The share of values that is set to zero.", principal: true, range: .from(0, below: 1))
  package var rate: Double

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard b.isTraining, rate > 0 else { return inputs[0] }
    let x = Expression.value(inputs[0])
    let random = b.g.make(RandomUniform(b.randomStream("dropout")), inputs[0])
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(rate))
    return b.g.elementwise(x * (isKept * Expression(1 / (1 - rate))))
  }
}
