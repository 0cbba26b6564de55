import NNGraph
import NNTensor

/// The axis that features are counted along: of images [channels, height, width] the first, of
/// vectors and sequences [length, features] the last.
///
/// - given: what the file says instead
func channelAxis(of shape: Shape, _ given: Int?, _ word: String) throws(ShapeError) -> Int {
  guard shape.rank > 0 else {
    throw ShapeError("'\(word)' needs an axis of features, found a single number")
  }
  guard let given else { return shape.rank >= 3 ? 0 : shape.rank - 1 }
  guard given < shape.rank else {
    throw ShapeError(
      "'\(word)' means axis \(given), and \(shape) has \(shape.rank == 1 ? "one" : "\(shape.rank)")",
      help: "The axes of a sample are counted from 0; the batch is none of them.")
  }
  return given
}
