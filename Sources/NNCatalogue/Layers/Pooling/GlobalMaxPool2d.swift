import NNModel

/// The largest value of each channel.
///
/// - input: [batch, channels, height, width]
/// - output: [batch, channels]
package struct GlobalMaxPool2d: GlobalPoolingLayer {
  package static let word = "global_max_pool2d"
  package static let summary =
    "Keeps the largest value of each channel of an image: [channels, height, width] to [channels]."

  package init() {}

  package static var axisNames: [String] { Pair.axisNames }
  package static var isLargest: Bool { true }
}
