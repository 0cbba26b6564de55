package import NNGraph
package import NNModel

/// y = x above zero, a x below, a drawn for each number in training and the mean afterwards; Xu et
/// al., "Empirical Evaluation of Rectified Activations in Convolution Network" (2015).
package struct RReLU: Activation {
  package static let word = "rrelu"
  package static let summary =
    "A rectifier whose slope below zero is random in training and the middle of its range "
    + "afterwards."

  @Field("The least slope.", range: .atLeast(0))
  package var lower = 0.125
  @Field("The greatest slope.", range: .atLeast(0))
  package var upper = 1.0 / 3

  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard lower <= upper else {
      throw ShapeError(
        "the slopes of 'rrelu' go from \(shown(lower)) to \(shown(upper)), which is not upwards",
        help: "Make upper at least lower.")
    }
    var slope = Expression((lower + upper) / 2)
    if b.isTraining {
      let random = b.g.make(RandomUniform(b.randomStream("rrelu")), x)
      slope = Expression(lower) + Expression(upper - lower) * .value(random)
    }
    return b.g.elementwise(select(step(.value(x)), .value(x), slope * .value(x)))
  }
}
