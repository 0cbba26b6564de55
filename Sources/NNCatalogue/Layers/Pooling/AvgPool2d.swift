package import NNGraph
package import NNModel

/// The mean of each window.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels, height′, width′]
package struct AvgPool2d: PoolingLayer {
  package static let word = "avg_pool2d"
  package static let summary =
    "Takes the mean of each window of an image [channels, height, width]."

  @Field("The height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Pair(2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Pair? = nil
  @Field("Zeros around the image: valid, same, or a number.")
  package var padding = Padding<Pair>.valid
  @Field("Whether zeros of the padding count in the mean.")
  package var countPadding = true

  package init() {}

  package var pooling: Pool.Kind { .mean(countsPadding: countPadding) }
}
