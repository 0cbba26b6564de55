package import NNGraph
package import NNModel

/// yᵢ = eˣⁱ / Σ eˣʲ over the last axis.
package struct SoftmaxActivation: Activation {
  package static let word = "softmax"
  package static let summary =
    "Shares that add up to one over the last axis. The loss cross_entropy wants logits, so do not "
    + "put it before that."
  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.g.apply(Softmax(), x)
  }
}
