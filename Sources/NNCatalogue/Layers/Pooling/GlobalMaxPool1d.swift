import NNModel

/// The largest value of each channel.
///
/// - input: [batch, channels, length]
/// - output: [batch, channels]
package struct GlobalMaxPool1d: GlobalPoolingLayer {
  package static let word = "global_max_pool1d"
  package static let summary =
    "Keeps the largest value of each channel of a sequence: [channels, length] to [channels]."

  package init() {}

  package static var axisNames: [String] { Length.axisNames }
  package static var isLargest: Bool { true }
}
