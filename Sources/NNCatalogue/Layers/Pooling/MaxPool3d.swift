package import NNGraph
package import NNModel

/// The largest value of each window.
///
/// - input: [batch, channels, depth, height, width]
/// - output: [batch, channels, depth′, height′, width′]
package struct MaxPool3d: PoolingLayer {
  package static let word = "max_pool3d"
  package static let summary =
    "Keeps the largest value of each window of a volume [channels, depth, height, width]."

  @Field("The depth, height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Triple(2, 2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Triple? = nil
  @Field("What is around the volume, never the largest: valid, same, or a number.")
  package var padding = Padding<Triple>.valid

  package init() {}

  package var pooling: Pool.Kind { .largest }
}
