package import NNGraph
package import NNModel

/// The mean of each window.
///
/// - input: [batch, channels, depth, height, width]
/// - output: [batch, channels, depth′, height′, width′]
package struct AvgPool3d: PoolingLayer {
  package static let word = "avg_pool3d"
  package static let summary =
    "Takes the mean of each window of a volume [channels, depth, height, width]."

  @Field("The depth, height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Triple(2, 2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Triple? = nil
  @Field("Zeros around the volume: valid, same, or a number.")
  package var padding = Padding<Triple>.valid
  @Field("Whether zeros of the padding count in the mean.")
  package var countPadding = true

  package init() {}

  package var pooling: Pool.Kind { .mean(countsPadding: countPadding) }
}
