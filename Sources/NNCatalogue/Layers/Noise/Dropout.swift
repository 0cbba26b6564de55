package import NNGraph
package import NNModel

/// Sets values to zero at random while training; Srivastava et al., "Dropout" (2014).
///
/// - input, output: [batch, …]
package struct Dropout: Layer {
  package static let word = "dropout"
  package static let summary =
    "Sets a share of the values to zero in training and scales the others up; does nothing afterwards."
  package static let example = "dropout: 0.1"

  @Field("The share of values that is set to zero.", principal: true, range: .from(0, below: 1))
  package var rate: Double

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    b.dropout(inputs[0], rate: rate)
  }
}

extension LayerBuilder {
  /// Sets a share of the values to zero at random in training and scales the others up.
  ///
  /// - purpose: what the random numbers are for, where a layer draws several.
  mutating func dropout(_ x: Value, rate: Double, purpose: String = "dropout") -> Value {
    guard isTraining, rate > 0 else { return x }
    let random = g.make(RandomUniform(randomStream(purpose)), x)
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(rate))
    return g.elementwise(.value(x) * (isKept * Expression(1 / (1 - rate))))
  }
}
