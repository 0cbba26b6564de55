package import NNGraph
import NNModel

/// y = x above zero, slope · x below.
package struct LeakyReLU: ElementwiseActivation {
  package static let word = "leaky_relu"
  package static let summary =
    "A rectifier that lets a little through: y = x above zero, slope · x below."
  package static let example = "leaky_relu: 0.2"

  @Field("The slope below zero.", principal: true, range: .atLeast(0))
  package var slope = 0.01

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    select(step(x), x, Expression(slope) * x)
  }
}
