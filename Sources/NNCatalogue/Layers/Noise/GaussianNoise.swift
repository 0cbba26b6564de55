package import NNGraph
package import NNModel

/// x + deviation · n in training, n normally distributed; Bishop, "Training with noise is
/// equivalent to Tikhonov regularization" (1995).
///
/// - input, output: [batch, …]
package struct GaussianNoise: Layer {
  package static let word = "gaussian_noise"
  package static let summary =
    "Adds normally distributed noise to each value in training; does nothing afterwards."

  @Field("The noise's standard deviation.", principal: true, range: .atLeast(0))
  package var deviation: Double

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard b.isTraining, deviation > 0 else { return inputs[0] }
    let radius = b.g.make(RandomUniform(b.randomStream("gaussian_noise radius")), inputs[0])
    let angle = b.g.make(RandomUniform(b.randomStream("gaussian_noise angle")), inputs[0])
    // Box and Muller, "A note on the generation of random normal deviates" (1958). Uniform numbers
    // are below 1, so that the logarithm is of a positive number.
    let length = sqrt(-2 * log1p(-Expression.value(radius)))
    let noise = length * .unary(.cos, Expression(2 * Double.pi) * .value(angle))
    return b.g.elementwise(.value(inputs[0]) + Expression(deviation) * noise)
  }
}
