package import NNGraph
package import NNModel

/// Sets values to what `selu` tends to for very negative ones at random while training, and moves
/// and scales all so that mean and variance stay; Klambauer et al., "Self-Normalizing Neural
/// Networks" (2017).
///
/// - input, output: [batch, …]
package struct AlphaDropout: Layer {
  package static let word = "alpha_dropout"
  package static let summary =
    "Dropout for networks of selu: keeps mean 0 and deviation 1 in training; does nothing afterwards."

  @Field("The share of values that is dropped.", principal: true, range: .from(0, below: 1))
  package var rate: Double

  package init() {}

  /// −λα of `selu`, the lower end of its range.
  private static let lowest = -1.758_099_340_847_376_6

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard b.isTraining, rate > 0 else { return inputs[0] }
    let random = b.g.make(RandomUniform(b.randomStream("alpha_dropout")), inputs[0])
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(rate))
    let lowest = Self.lowest
    let scale = 1 / ((1 - rate) * (1 + rate * lowest * lowest)).squareRoot()
    let mixed = select(isKept, .value(inputs[0]), Expression(lowest))
    return b.g.elementwise(mixed * Expression(scale) + Expression(-scale * rate * lowest))
  }
}
