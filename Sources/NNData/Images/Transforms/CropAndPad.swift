package import NNModel

package struct Crop: FixedTransform {
  package static let word = "crop"
  package static let summary = "Takes the middle of images."

  @Field("The height and the width in pixels.", principal: true, range: .atLeast(1))
  package var size: Pair

  package init() {}

  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    guard size.height <= input.height, size.width <= input.width else {
      throw TransformProblem(
        "there are no \(size.width) × \(size.height) pixels in an image of \(input.shown)",
        help: "Say resize: before it, or a smaller size.")
    }
    return input.with(height: size.height, width: size.width)
  }

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    // Of an odd rest the greater half is cut at the end.
    moved(
      image, into: output, height: size.height, width: size.width,
      up: (image.size.height - size.height) / 2, left: (image.size.width - size.width) / 2, fill: 0)
  }
}

package struct Pad: FixedTransform {
  package static let word = "pad"
  package static let summary = "Puts pixels around images."

  @Field(
    "How many above and below, and how many left and right.", principal: true, range: .atLeast(0))
  package var by: Pair

  @Field("What they are, from 0, black, to 1, white.", range: .between(0, 1))
  package var fill = 0.0

  package init() {}

  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    guard by.height <= ImageSize.mostOfAxis, by.width <= ImageSize.mostOfAxis else {
      throw TransformProblem("at most \(ImageSize.mostOfAxis) pixels can stand at an edge")
    }
    return input.with(height: input.height + 2 * by.height, width: input.width + 2 * by.width)
  }

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    moved(
      image, into: output, height: image.size.height + 2 * by.height,
      width: image.size.width + 2 * by.width, up: -by.height, left: -by.width, fill: Float(fill))
  }
}

/// Writes what lies under a window of an image; what lies beside the image is filled.
///
/// - Parameters:
///   - image: what the window lies over.
///   - output: [channels, height, width]
///   - height: of the window.
///   - width: as well.
///   - up: where the window begins in the image, below zero above it.
///   - left: the same along a row.
///   - fill: what lies beside the image.
func moved(
  _ image: ImageView, into output: UnsafeMutablePointer<Float>, height: Int, width: Int, up: Int,
  left: Int, fill: Float
) {
  let size = image.size
  let start = min(max(-left, 0), width)
  let columns = start..<max(min(size.width - left, width), start)
  for channel in 0..<size.channels {
    let source = image.channel(channel)
    for y in 0..<height {
      let line = output + (channel * height + y) * width
      guard y + up >= 0, y + up < size.height else {
        line.update(repeating: fill, count: width)
        continue
      }
      line.update(repeating: fill, count: columns.lowerBound)
      if !columns.isEmpty {
        (line + columns.lowerBound).update(
          from: source + (y + up) * size.width + columns.lowerBound + left, count: columns.count)
      }
      (line + columns.upperBound).update(repeating: fill, count: width - columns.upperBound)
    }
  }
}
