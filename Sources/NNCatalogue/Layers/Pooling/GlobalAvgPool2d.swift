import NNModel

/// The mean of each channel.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels]
package struct GlobalAvgPool2d: GlobalPoolingLayer {
  package static let word = "global_avg_pool2d"
  package static let summary =
    "Takes the mean of each channel of an image: [channels, height, width] to [channels]."

  package init() {}

  package static var axisNames: [String] { Pair.axisNames }
  package static var isLargest: Bool { false }
}
