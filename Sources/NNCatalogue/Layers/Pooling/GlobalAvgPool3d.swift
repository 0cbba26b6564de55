import NNModel

/// The mean of each channel.
///
/// - input: [batch, channels, depth, height, width]
/// - output: [batch, channels]
package struct GlobalAvgPool3d: GlobalPoolingLayer {
  package static let word = "global_avg_pool3d"
  package static let summary =
    "Takes the mean of each channel of a volume: [channels, depth, height, width] to [channels]."

  package init() {}

  package static var axisNames: [String] { Triple.axisNames }
  package static var isLargest: Bool { false }
}
