package import NNGraph
package import NNModel

/// y = max(x − τ, 0), τ such that the sum over the last axis is one; Martins and Astudillo, "From
/// Softmax to Sparsemax" (2016).
package struct SparsemaxActivation: Activation {
  package static let word = "sparsemax"
  package static let summary =
    "Shares that add up to one over the last axis, of which small ones are exactly zero."
  package init() {}

  package func lower(_ x: Value, _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    try b.g.apply(Sparsemax(), x)
  }
}
