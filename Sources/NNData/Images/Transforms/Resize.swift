package import NNModel

package struct Resize: FixedTransform {
  package static let word = "resize"
  package static let summary = """
    Makes images of one size out of images of any, each source pixel counted. \
    With fit: cover the middle is taken that has the shape wanted, so that nothing is stretched.
    """
  package static let example = "resize: {size: [32, 48], fit: cover}"

  @Field("The height and the width in pixels.", principal: true, range: .atLeast(1))
  package var size: Pair

  @Field("How pixels are taken together: bilinear, or the mean of the area under each.")
  package var method: ResizeMethod = .bilinear

  @Field("What to do with images of another shape: stretch them, or cover and cut.")
  package var fit: ResizeFit = .stretch

  package init() {}

  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    guard size.height <= ImageSize.mostOfAxis, size.width <= ImageSize.mostOfAxis else {
      throw TransformProblem(
        "an image of \(size.width) × \(size.height) pixels is larger than any that is read",
        help: "An axis has at most \(ImageSize.mostOfAxis) pixels.")
    }
    return input.with(height: size.height, width: size.width)
  }

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    var height = Double(image.size.height)
    var width = Double(image.size.width)
    if fit == .cover {
      let scale = min(height / Double(size.height), width / Double(size.width))
      height = Double(size.height) * scale
      width = Double(size.width) * scale
    }
    let top = (Double(image.size.height) - height) / 2
    let left = (Double(image.size.width) - width) / 2
    resample(
      image,
      rows: Resampling(
        size.height, of: image.size.height, start: top, length: height, method),
      columns: Resampling(size.width, of: image.size.width, start: left, length: width, method),
      into: output)
  }
}

/// What to do with images of another shape.
package enum ResizeFit: String, WordChoice {
  case stretch
  case cover
}

extension ImageSize {
  /// The most pixels along an axis that a transform may make.
  static let mostOfAxis = 1 << 14
}
