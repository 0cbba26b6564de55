package import NNGraph
package import NNModel

/// y = x above a threshold, a value elsewhere.
package struct ThresholdActivation: ElementwiseActivation {
  package static let word = "threshold"
  package static let summary = "Keeps what is above a threshold and sets the rest to a number."

  @Field("What must be passed.", principal: true)
  package var threshold: Double
  @Field("What becomes of numbers that do not pass it.")
  package var value = 0.0

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    select(greater(x, Expression(threshold)), x, Expression(value))
  }
}
