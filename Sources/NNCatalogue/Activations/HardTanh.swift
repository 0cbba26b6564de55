package import NNGraph
package import NNModel

/// y = x between two limits, the limits beyond them.
package struct HardTanh: ElementwiseActivation {
  package static let word = "hard_tanh"
  package static let summary = "Lines in place of the hyperbolic tangent: y = x from -1 to 1."

  @Field("The least value.")
  package var lower = -1.0
  @Field("The greatest value.")
  package var upper = 1.0

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    let (lower, upper) = (Expression(lower), Expression(upper))
    return select(greater(upper, x), select(greater(x, lower), x, lower), upper)
  }

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    guard lower < upper else {
      throw ShapeError(
        "'hard_tanh' goes from \(shown(lower)) to \(shown(upper)), which is not upwards",
        help: "Make upper greater than lower.")
    }
    return b.g.elementwise(formula(.value(x)))
  }
}
