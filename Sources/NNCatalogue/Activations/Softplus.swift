package import NNGraph
import NNModel

/// y = log(1 + e^(β x)) / β, and x where β x is above a threshold.
package struct Softplus: ElementwiseActivation {
  package static let word = "softplus"
  package static let summary = "A smooth rectifier: y = log(1 + exp(beta · x)) / beta."

  @Field("How sharp the bend is.", principal: true, range: .between(1e-6, 1e6))
  package var beta = 1.0
  @Field("Where beta · x is above this, y = x.", range: .positive)
  package var threshold = 20.0

  package init() {}

  package func formula(_ x: Expression) -> Expression {
    let scaled = x * Expression(beta)
    return select(
      greater(scaled, Expression(threshold)), x, softplus(scaled) * Expression(1 / beta))
  }
}
