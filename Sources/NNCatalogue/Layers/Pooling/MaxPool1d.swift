package import NNGraph
package import NNModel

/// The largest value of each window.
///
/// - input: [batch, channels, length]
/// - output: [batch, channels, length′]
package struct MaxPool1d: PoolingLayer {
  package static let word = "max_pool1d"
  package static let summary =
    "Keeps the largest value of each window of a sequence [channels, length]."

  @Field("The length of a window.", principal: true, range: .atLeast(1))
  package var kernel = Length(2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Length? = nil
  @Field("What is around the sequence, never the largest: valid, same, or a number.")
  package var padding = Padding<Length>.valid

  package init() {}

  package var pooling: Pool.Kind { .largest }
}
