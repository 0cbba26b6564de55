package import NNGraph
package import NNModel

/// The mean of each window.
///
/// - input: [batch, channels, length]
/// - output: [batch, channels, length′]
package struct AvgPool1d: PoolingLayer {
  package static let word = "avg_pool1d"
  package static let summary =
    "Takes the mean of each window of a sequence [channels, length]."

  @Field("The length of a window.", principal: true, range: .atLeast(1))
  package var kernel = Length(2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Length? = nil
  @Field("Zeros around the sequence: valid, same, or a number.")
  package var padding = Padding<Length>.valid
  @Field("Whether zeros of the padding count in the mean.")
  package var countPadding = true

  package init() {}

  package var pooling: Pool.Kind { .mean(countsPadding: countPadding) }
}
