import NNModel

/// The largest value of each channel.
///
/// - input: [batch, channels, depth, height, width]
/// - output: [batch, channels]
package struct GlobalMaxPool3d: GlobalPoolingLayer {
  package static let word = "global_max_pool3d"
  package static let summary =
    "Keeps the largest value of each channel of a volume: [channels, depth, height, width] to [channels]."

  package init() {}

  package static var axisNames: [String] { Triple.axisNames }
  package static var isLargest: Bool { true }
}
