import NNModel

/// The mean of each channel.
///
/// - input: [batch, channels, length]
/// - output: [batch, channels]
package struct GlobalAvgPool1d: GlobalPoolingLayer {
  package static let word = "global_avg_pool1d"
  package static let summary =
    "Takes the mean of each channel of a sequence: [channels, length] to [channels]."

  package init() {}

  package static var axisNames: [String] { Length.axisNames }
  package static var isLargest: Bool { false }
}
