package import NNGraph
package import NNModel

/// yᵢ = xᵢ − log Σ eˣʲ over the last axis.
package struct LogSoftmaxActivation: Activation {
  package static let word = "log_softmax"
  package static let summary =
    "The logarithms of softmax's shares. The loss cross_entropy wants logits, so do not put it "
    + "before that."
  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.g.apply(Softmax(isLogarithm: true), x)
  }
}
