package import NNGraph
package import NNModel

/// The largest value of each window.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels, height′, width′]
package struct MaxPool2d: PoolingLayer {
  package static let word = "max_pool2d"
  package static let summary =
    "Keeps the largest value of each window of an image [channels, height, width]."

  @Field("The height and width of a window.", principal: true, range: .atLeast(1))
  package var kernel = Pair(2, 2)
  @Field("How far the window moves at a time; the kernel where not given.", range: .atLeast(1))
  package var stride: Pair? = nil
  @Field("What is around the image, never the largest: valid, same, or a number.")
  package var padding = Padding<Pair>.valid

  package init() {}

  package var pooling: Pool.Kind { .largest }
}
